package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchdogPeriodTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1000000",
        "3999999, 1000000",
        "4000000, 1000000",
        "4000004, 1000001",
        "1000000000, 250000000",
        "9223372036854775807, 2305843009213693951",
    })
    void itLooksFourTimesWithinTheLimitButNotMoreThanOnceAMillisecond(
            long limitNanos, long periodNanos) {
        assertThat(Watchdog.periodNanos(limitNanos)).isEqualTo(periodNanos);
    }
}

package dev.gyre.verify.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.testing.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ManualTimeTest {

    private final ManualTime time = new ManualTime();

    @Test
    void itStandsStillSomewhereOtherThanZero() {
        assertThat(time.nanos()).isPositive().isEqualTo(time.nanos());
    }

    @Test
    void itMovesByWhatItIsTold() {
        long before = time.nanos();

        time.advance(Duration.ofMillis(3));

        assertThat(time.nanos() - before).isEqualTo(3_000_000);
        assertThat(time).hasToString("manual time, PT0.003S from its start");
    }

    @Test
    void itDoesNotMoveBackwards() {
        assertThatIllegalArgumentException().isThrownBy(() -> time.advance(Duration.ofNanos(-1)));
    }
}

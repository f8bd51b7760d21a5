package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThrottleTest {

    private final Throttle throttle = new Throttle(2, 10);

    @Test
    void soManyAreLetThroughAndNotOneMore() {
        assertThat(throttle.admit(0)).isTrue();
        assertThat(throttle.admit(1)).isTrue();
        assertThat(throttle.admit(9)).isFalse();
    }

    @Test
    void aNewIntervalBeginsWithTheFirstRecordAfterTheOldOne() {
        throttle.admit(0);
        throttle.admit(0);
        throttle.admit(9);

        assertThat(throttle.admit(10)).isTrue();
        assertThat(throttle.admit(19)).isTrue();
        assertThat(throttle.admit(19)).isFalse();
    }

    @Test
    void theFirstRecordIsLetThroughAtAnyTime() {
        assertThat(throttle.admit(Long.MIN_VALUE)).isTrue();
    }

    @Test
    void theClockMayWrapAround() {
        throttle.admit(Long.MAX_VALUE - 1);
        throttle.admit(Long.MAX_VALUE - 1);

        assertThat(throttle.admit(Long.MIN_VALUE)).isFalse();
        assertThat(throttle.admit(Long.MIN_VALUE + 8)).isTrue();
    }

    @Test
    void whatWasLeftOutIsToldOnce() {
        for (int i = 0; i < 5; i++) {
            throttle.admit(0);
        }

        assertThat(throttle.takeSuppressed()).isEqualTo(" (3 records before this left out)");
        assertThat(throttle.takeSuppressed()).isEmpty();
    }
}

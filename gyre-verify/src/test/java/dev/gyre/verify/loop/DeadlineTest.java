package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Deadline;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE);

    @GyreTest
    void afterIsMeasuredOnTheClockOfTheCurrentLoop(TestLoop test) {
        List<Deadline> made = new ArrayList<>();
        test.loop().addCallback(() -> made.add(Deadline.after(SECOND)));

        test.runUntilIdle();

        assertThat(made).containsExactly(new Deadline(test.loop().time() + 1_000_000_000));
    }

    @GyreTest
    void remainingShrinksAsTimePassesAndBecomesNegative(TestLoop test) {
        List<Duration> remaining = new ArrayList<>();
        Deadline deadline = new Deadline(test.loop().time()).plus(SECOND);
        for (int i = 0; i < 3; i++) {
            test.loop().addCallback(() -> remaining.add(deadline.remaining()));
            test.runUntilIdle();
            test.advance(SECOND);
        }

        assertThat(remaining).containsExactly(SECOND, Duration.ZERO, SECOND.negated());
    }

    @Test
    void theEarlierDeadlineIsTheSmaller() {
        Deadline deadline = new Deadline(5);

        assertThat(deadline).isLessThan(new Deadline(6)).isGreaterThan(new Deadline(4));
        assertThat(deadline).isEqualByComparingTo(new Deadline(5));
    }

    @Test
    void theOrderHoldsWhereTheClockWrapsAround() {
        Deadline before = new Deadline(Long.MAX_VALUE - 1);

        assertThat(before).isLessThan(before.plus(SECOND));
        assertThat(before.plus(SECOND).nanos()).isNegative();
    }

    @Test
    void veryLongDurationsAreCutSoThatTheOrderHolds() {
        Deadline now = new Deadline(7);

        assertThat(now.plus(LONGEST)).isGreaterThan(now);
        assertThat(now.plus(LONGEST.negated())).isLessThan(now);
        assertThat(now.plus(LONGEST)).isGreaterThan(now.plus(LONGEST.negated()));
    }
}

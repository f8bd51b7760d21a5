package dev.gyre.verify.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The lines are those of a run of `./gyre sim`.
final class SimulationTallyTest {

    private static SimulationTally tally(String... lines) {
        SimulationTally tally = new SimulationTally("carrier");
        List.of(lines).forEach(tally::add);
        return tally;
    }

    private static final String[] GOOD = {
        "  ATest.one: 900 of 2,000 seeds without a failure, 7 steps, 9.00 hours simulated in 5 s",
        "ATest.one: 2,000 of 2,000 seeds without a failure, 1,250,000 steps, 1,000.25 hours"
                + " simulated in 9 s",
        "ATest.two: 30 of 2,000 seeds without a failure, 50 steps, 0.50 hours simulated in 1 s",
    };

    private static final String[] BAD = {
        "ATest.one: 7 of 9 seeds without a failure, 8 steps, 1.00 hours simulated in 1 s; seed 7"
                + " has failed",
        "failed: ATest.one",
        "java.lang.AssertionError: -Dgyre.sim.seed=7 fails one: planned",
        "Caused by: java.lang.AssertionError: -Dgyre.sim.seed=8 fails one: planned",
    };

    @Test
    void onlyTheEndOfEachTestCounts() {
        SimulationTally tally = tally(GOOD);

        assertThat(tally.isGood()).isTrue();
        assertThat(tally.row().split(" +"))
                .containsExactly("carrier", "2", "2,030", "1,250,050", "1,000.75", "0");
        assertThat(SimulationTally.head()).hasSameSizeAs(tally.row());
    }

    @Test
    void aFailureIsToldWithTheCommandThatShowsItAgain() {
        SimulationTally tally = tally(BAD);

        assertThat(tally.isGood()).isFalse();
        assertThat(tally.replays()).containsExactly("./gyre sim --seed 7 ATest.one");
        assertThat(tally.row()).endsWith(" 1");
    }

    @Test
    void whatFailsUnderBothMechanismsIsToldOnce() {
        SimulationTally both = new SimulationTally("both");
        both.add(tally(BAD));
        both.add(tally(BAD));

        assertThat(both.replays()).hasSize(1);
        assertThat(both.row().split(" +")).containsExactly("both", "2", "14", "16", "2.00", "2");
    }

    @Test
    void oneThatHangsIsCountedThoughItDoesNotEnd() {
        SimulationTally tally = tally("failed: ATest.two", "x: -Dgyre.sim.seed=0 fails two: hangs");

        assertThat(tally.row().split(" +")).containsExactly("carrier", "1", "0", "0", "0.00", "1");
        assertThat(tally.replays()).containsExactly("./gyre sim --seed 0 ATest.two");
    }

    @Test
    void noTestAtAllIsNotGood() {
        assertThat(tally().isGood()).isFalse();
    }
}

package dev.gyre.verify.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.verify.launch.MutantRun.Finding;
import org.junit.jupiter.api.Test;

final class MutantRunTest {

    @Test
    void theLogTellsWhatCameOfEachTestInTheirOrder() {
        String log =
                """
                failed: isKept(Simulation): -Dgyre.sim.seed=6 fails isKept
                    it was lost
                java.lang.AssertionError: failed: not at the begin of a line
                something that the test printed
                passed: a.b.SomeTest#isThere
                failed: [1] MEMORY: timed out
                """;

        assertThat(MutantRun.findings(log))
                .containsExactly(
                        new Finding(true, 7, "isKept(Simulation): -Dgyre.sim.seed=6 fails isKept"),
                        new Finding(false, 0, ""),
                        new Finding(true, 0, "[1] MEMORY: timed out"));
    }
}

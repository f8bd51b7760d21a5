package dev.gyre.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.bench.soak.Findings.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The real chat demo, for some seconds: too short to say anything about memory.
@EnabledOnOs(OS.LINUX)
@Timeout(120)
final class SoakRunTest {

    private static final long SEED = Long.getLong("gyre.seed", 42);

    private final List<SoakRun.Progress> shown = new ArrayList<>();

    private SoakOutcome run(Defect defect) throws Exception {
        return SoakRun.run(
                new SoakPlan(Duration.ofSeconds(5), SEED, 8, defect, List.of()), shown::add);
    }

    @Test
    void inAFewSecondsNothingIsLostAndAllIsShown(@TempDir Path folder) throws Exception {
        SoakOutcome outcome = run(Defect.NONE);

        assertThat(outcome.findings().words()).as("seed " + SEED).isEmpty();
        assertThat(outcome.balances()).allMatch(SoakOutcome.Balance::isEven);
        assertThat(outcome.lines().heard()).isGreaterThan(outcome.lines().told());
        assertThat(outcome.flatness()).allMatch(flatness -> flatness.late() > 0);
        assertThat(shown)
                .hasSize(5)
                .extracting(SoakRun.Progress::findings)
                .containsOnly("all well");
        Path page = SoakPage.write(folder.resolve("new/page.html"), outcome);
        assertThat(Files.readString(page))
                .containsSubsequence("<svg", ">heap<", "<svg", ">resident<", "<svg", ">members<")
                .containsSubsequence("<svg", ">longest<", ">99 %<", ">median<", "<svg")
                .contains("<li>heap after collection, MB: ", "<li>sockets: ")
                .doesNotContain("http", "src=", "href", "NaN", "Infinity");
    }

    @ParameterizedTest
    @CsvSource({"LOSE, LOST", "DOUBLE, DOUBLED"})
    void whatTheProxyLosesOrDoublesIsFound(Defect defect, Kind kind) throws Exception {
        SoakOutcome outcome = run(defect);

        assertThat(outcome.findings().count(kind)).as("seed " + SEED).isPositive();
        assertThat(outcome.isGood()).isFalse();
        assertThat(outcome.summary()).last().asString().startsWith("NOT all is well");
    }

    @Test
    void whoNeverLeavesIsFound() throws Exception {
        SoakOutcome outcome = run(Defect.LEAK);

        assertThat(outcome.findings().isEmpty()).isTrue();
        assertThat(outcome.balances()).noneMatch(SoakOutcome.Balance::isEven);
    }
}

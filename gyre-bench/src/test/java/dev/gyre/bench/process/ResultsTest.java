package dev.gyre.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.bench.peers.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The table of a scenario, as it is made of samples.
final class ResultsTest {

    private static final Scenario SCENARIO =
            new Scenario(
                    "tea",
                    "clients & servers drink it",
                    "cups",
                    Service.LINES,
                    "floor",
                    (_, _) -> {
                        throw new AssertionError("nothing is run here");
                    });

    private final Results results = new Results(SCENARIO);

    private void add(String subject, int round, double cost, boolean isLoadBound) {
        Histogram latencies = LoadLoop.newHistogram();
        latencies.recordValueWithCount(50_000, 99);
        latencies.recordValue(3_000_000);
        results.add(
                subject, round, new Sample(cost, Map.of("msg/s", 1234.5), latencies, isLoadBound));
    }

    @Test
    void aRatioRefersToTheBaselineOfTheSameRound() {
        add("floor", 1, 2, false);
        add("gyre", 1, 3, false);
        add("gyre", 2, 12, false);
        add("floor", 2, 10, false);

        Results.Row gyre = results.rows().get(1);

        assertThat(gyre.ratioOfRounds()).containsExactly(1.5, 1.2);
        assertThat(gyre.cost()).isEqualTo(new Quartiles(5.25, 7.5, 9.75));
    }

    @Test
    void withoutItsBaselineARoundHasNoRatio() {
        add("gyre", 1, 3, false);

        assertThat(results.rows().getFirst().ratios()).isNull();
        assertThat(results.rows().getFirst().ratioOfRounds()).isEmpty();
    }

    @Test
    void theTableIsAligned() {
        add("floor", 1, 2, false);
        add("gyre", 1, 230, true);
        results.remark("go", "skipped, go is not installed");

        assertThat(TextTable.of(results))
                .containsExactly(
                        "tea: clients & servers drink it",
                        "Cost in cups. Ratio to floor of the same round. Medians; in brackets the"
                                + " quartiles.",
                        "",
                        "subject  cost               ratio               msg/s",
                        "floor    2.00  [2.00 2.00]   1.00  [1.00 1.00]  1,235",
                        "gyre      230    [230 230]    115    [115 115]  1,235",
                        "gyre: the load generator was the bottleneck in 1 of 1 rounds",
                        "go: skipped, go is not installed");
    }

    @Test
    void aBusyMachineIsToldThoughItWasOnceOnly() {
        results.add("gyre", 2, new Sample(2, Map.of("others %", 1.0), null, false));
        results.add("gyre", 3, new Sample(2, Map.of("others %", 2.0), null, false));
        results.add("gyre", 1, new Sample(2, Map.of("others %", 21.0), null, false));

        assertThat(TextTable.of(results))
                .endsWith(
                        "other programs used up to 21.0 % of a core, in 1 of 3 measurements: these"
                                + " are no figures to keep");
    }

    @Test
    void rowsAreInTheOrderInWhichSubjectsAreExpected() {
        results.expect("floor");
        results.expect("go");
        results.expect("gyre");
        add("gyre", 1, 3, false);
        add("floor", 1, 2, false);

        assertThat(results.rows())
                .extracting(Results.Row::subject)
                .containsExactly("floor", "gyre");
    }

    @Test
    void eachRoundThatFailedIsTold() {
        assertThat(results.hasFailed()).isFalse();

        results.failed("go", "round 1 failed: it ended");
        results.failed("go", "round 2 failed: it did not start");

        assertThat(results.hasFailed()).isTrue();
        assertThat(TextTable.of(results))
                .endsWith("go: round 1 failed: it ended; round 2 failed: it did not start");
    }

    @Test
    void aQuietMachineIsNot() {
        results.add("gyre", 1, new Sample(2, Map.of("others %", 20.0), null, false));

        assertThat(TextTable.of(results)).noneMatch(line -> line.startsWith("other programs"));
    }

    @Test
    void thePageNeedsNothingButItself(@TempDir Path folder) throws Exception {
        add("floor", 1, 2, false);
        add("gyre", 1, 0, false);

        Path page =
                HtmlPage.write(folder.resolve("new/page.html"), "a <b> machine", List.of(results));

        assertThat(Files.readString(page))
                .contains(
                        "a &lt;b&gt; machine",
                        "<h2>tea</h2>",
                        "<p>Clients &amp; servers drink it.</p>")
                .containsSubsequence("<svg", ">gyre</text>", "<svg", "<polyline", ">gyre</text>")
                .doesNotContain("http", "src=", "href", "NaN", "Infinity");
    }
}

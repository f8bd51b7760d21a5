package dev.gyre.bench.soak;

import dev.gyre.bench.process.HtmlPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The page of a run: memory, descriptors and latency over time, and the summary.
final class SoakPage {

    private final List<Look> looks;
    private final List<Double> seconds;
    private final StringBuilder body = new StringBuilder();

    private SoakPage(List<Look> looks) {
        this.looks = looks;
        this.seconds = looks.stream().map(Look::seconds).toList();
    }

    /// Writes the page, and the directory it is in, and returns its absolute path.
    static Path write(Path file, SoakOutcome outcome) throws IOException {
        return HtmlPage.write(
                file, "The chat demo under strain", new SoakPage(outcome.looks()).of(outcome));
    }

    private String of(SoakOutcome outcome) {
        if (!outcome.flatness().isEmpty()) {
            body.append("<p>Shaded are the quarters that are compared.</p>\n");
        }
        chart(
                "Heap of the server after a full collection, in megabytes",
                TimeChart.Scale.LINEAR,
                List.of(series("heap", SoakOutcome::heap)));
        chart(
                "Resident memory of the server, in megabytes",
                TimeChart.Scale.LINEAR,
                List.of(series("resident", SoakOutcome::resident)));
        chart(
                "Descriptors and members",
                TimeChart.Scale.LINEAR,
                List.of(
                        series("descriptors", SoakOutcome::descriptors),
                        series("members", Look::members)));
        chart(
                "Latency of the residents' lines, in milliseconds",
                TimeChart.Scale.LOGARITHMIC,
                // In few lines the longest is the hundredth too: then it shows beneath it.
                List.of(
                        latency("longest", 100).thick(),
                        latency("99 %", 99),
                        latency("median", 50)));
        chart(
                "Longest turn so far, in milliseconds",
                TimeChart.Scale.LINEAR,
                List.of(
                        series(
                                "longest turn",
                                look -> look.server().vitals().longestTurnNanos() / 1e6)));
        body.append("<h3>Summary</h3>\n<ul>\n");
        outcome.summary()
                .forEach(line -> body.append("<li>%s</li>\n".formatted(HtmlPage.escaped(line))));
        return body.append("</ul>\n").toString();
    }

    private void chart(String title, TimeChart.Scale scale, List<TimeChart.Series> all) {
        body.append("<h3>%s</h3>\n".formatted(HtmlPage.escaped(title)));
        body.append(TimeChart.of(seconds, scale, all));
    }

    private TimeChart.Series series(String name, ToDoubleFunction<Look> figure) {
        return TimeChart.Series.of(name, looks.stream().mapToDouble(figure).boxed().toList());
    }

    private TimeChart.Series latency(String name, double percentile) {
        return series(name, look -> look.latencies().getValueAtPercentile(percentile) / 1e6);
    }
}

package dev.gyre.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A page with the charts of a run, which needs nothing but itself.
public final class HtmlPage {

    private static final String HEAD =
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>TITLE</title>
            <style>
            :root { color-scheme: light dark; --ink: #222; --faint: #8886; --mark: #c2410c; }
            @media (prefers-color-scheme: dark) { :root { --ink: #ddd; --mark: #fb923c; } }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto;
                   padding: 0 1rem; }
            h2 { margin-top: 3rem; border-bottom: 1px solid var(--faint); }
            h3 { font-size: 1rem; }
            pre { font-size: 12px; overflow-x: auto; }
            svg { width: 100%; height: auto; }
            svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
            </style>
            <h1>TITLE</h1>
            """;

    private HtmlPage() {}

    /// Writes a page with the tables and charts of a benchmark, and returns its absolute path.
    static Path write(Path file, String machine, List<Results> all) throws IOException {
        StringBuilder body = new StringBuilder();
        body.append("<p>Measured on ").append(escaped(machine)).append(".</p>\n");
        for (Results results : all) {
            append(body, results);
        }
        return write(file, "What servers cost", body.toString());
    }

    /// Makes sure that a page can be written there, and leaves what is there.
    static void probe(Path file) throws IOException {
        Path absolute = prepared(file);
        boolean isNew = Files.notExists(absolute, LinkOption.NOFOLLOW_LINKS);
        Files.newByteChannel(absolute, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
        if (isNew) {
            Files.delete(absolute);
        }
    }

    /// Writes a page, and the directory it is in, and returns its absolute path.
    ///
    /// @param title as plain text
    /// @param body as HTML
    public static Path write(Path file, String title, String body) throws IOException {
        try {
            return Files.writeString(prepared(file), HEAD.replace("TITLE", escaped(title)) + body);
        } catch (IOException e) {
            throw new IOException("the page cannot be written: " + e, e);
        }
    }

    /// Makes the directory of a file, and returns the absolute path of the file.
    private static Path prepared(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        Path directory = absolute.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        return absolute;
    }

    private static void append(StringBuilder page, Results results) {
        Scenario scenario = results.scenario();
        page.append(
                "<h2>%s</h2>\n<p>%s.</p>\n"
                        .formatted(escaped(scenario.name()), escaped(sentence(scenario))));
        List<Results.Row> rows = results.rows();
        if (rows.stream().anyMatch(row -> row.ratios() != null)) {
            page.append(
                    "<h3>Cost as a multiple of %s: rounds, quartiles, median</h3>\n"
                            .formatted(escaped(scenario.baseline())));
            page.append(RatioChart.of(rows));
        }
        if (rows.stream().anyMatch(row -> row.measures().latencies() != null)) {
            page.append("<h3>Latency by percentile, in microseconds</h3>\n");
            page.append(LatencyChart.of(rows));
        }
        page.append("<pre>\n");
        // The first line of the table is the sentence above.
        TextTable.of(results).stream()
                .skip(1)
                .forEach(line -> page.append(escaped(line)).append('\n'));
        page.append("</pre>\n");
    }

    private static String sentence(Scenario scenario) {
        String sentence = scenario.sentence();
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }

    /// Returns text as HTML and SVG take it.
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

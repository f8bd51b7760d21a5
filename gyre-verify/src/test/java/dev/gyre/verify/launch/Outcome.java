package dev.gyre.verify.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What came of one thing that was tried.
///
/// @param name of what was tried
/// @param isGood whether it went as it must
/// @param text in words
/// @param seconds how long it took
public record Outcome(String name, boolean isGood, String text, double seconds) {

    /// Prints it as a line.
    void print() {
        System.out.printf(Locale.ROOT, "%-28s %s (%.1f s)%n", name, text, seconds);
    }

    /// Writes a report as Surefire does, for whoever counts what has passed and failed.
    ///
    /// @param folder made if it is not there
    /// @param suite the name of the whole
    static void writeReport(Path folder, String suite, List<Outcome> outcomes) throws IOException {
        Files.createDirectories(folder);
        StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        text.append(
                "<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\">\n"
                        .formatted(suite, outcomes.size(), countBad(outcomes)));
        for (Outcome each : outcomes) {
            text.append(
                    "  <testcase classname=\"%s\" name=\"%s\" time=\"%.1f\">%s</testcase>\n"
                            .formatted(
                                    suite,
                                    escaped(each.name),
                                    each.seconds,
                                    each.isGood
                                            ? ""
                                            : "<failure>" + escaped(each.text) + "</failure>"));
        }
        text.append("</testsuite>\n");
        Files.writeString(folder.resolve("TEST-" + suite + ".xml"), text);
    }

    /// Returns how many went wrong.
    static int countBad(List<Outcome> outcomes) {
        return (int) outcomes.stream().filter(each -> !each.isGood).count();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}

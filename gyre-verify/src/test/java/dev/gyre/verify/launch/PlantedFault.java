package dev.gyre.verify.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A change of one place in one source of the core that makes it wrong, as a patch with a head:
/// what is wrong, `Simulation:` with the simulation that must find it, `Seeds:` with how many it
/// may need, and `Unit test:` with the unit test that must find it. One of the two may be `none`,
/// with the reason.
///
/// @param name that of the file, without its ending
/// @param seeds 0 if the simulation has none, or there is none
/// @param file the source, in the repository
/// @param before the lines of the place
/// @param after what they are with the fault
public record PlantedFault(
        String name,
        Finder simulation,
        int seeds,
        Finder unitTest,
        String file,
        List<String> before,
        List<String> after) {

    private static final String ENDING = ".patch";

    /// What must find a fault.
    ///
    /// @param test a test as in `class#method`; empty if there is none
    /// @param reason why there is none; empty if there is one
    public record Finder(String test, String reason) {

        private static final String NONE = "none, ";

        private static Finder of(String text) {
            return text.startsWith(NONE)
                    ? new Finder("", text.substring(NONE.length()))
                    : new Finder(
                            "dev.gyre.verify." + text.replace('.', '#').replace('/', '.').strip(),
                            "");
        }

        /// Returns whether there is a test.
        public boolean isTest() {
            return !test.isEmpty();
        }

        /// Returns the test as a person writes it, as in `TimersTest.runInOrder`.
        String shortName() {
            return test.replaceFirst(".*\\.", "").replace('#', '.');
        }
    }

    /// Reads a patch.
    ///
    /// @throws IOException if it is not there, or not such a one
    public static PlantedFault read(Path patch) throws IOException {
        List<String> lines = Files.readAllLines(patch);
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        readHunk(lines, before, after);
        String simulation = value(lines, "Simulation: ");
        String unitTest = value(lines, "Unit test: ");
        String seeds = value(lines, "Seeds: ");
        String file = value(lines, "--- a/");
        if (simulation.isEmpty() || unitTest.isEmpty() || file.isEmpty() || before.equals(after)) {
            throw new IOException(
                    patch
                            + " needs Simulation:, Unit test:, --- a/ with the source, and one"
                            + " hunk");
        }
        return new PlantedFault(
                patch.getFileName().toString().replace(ENDING, ""),
                Finder.of(simulation),
                seeds.isEmpty() ? 0 : Integer.parseInt(seeds),
                Finder.of(unitTest),
                file,
                before,
                after);
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()))
                .findFirst()
                .orElse("");
    }

    private static void readHunk(List<String> lines, List<String> before, List<String> after) {
        List<String> hunk =
                lines.stream().dropWhile(line -> !line.startsWith("@@")).skip(1).toList();
        for (String line : hunk) {
            String text = line.isEmpty() ? line : line.substring(1);
            if (!line.startsWith("+")) {
                before.add(text);
            }
            if (!line.startsWith("-")) {
                after.add(text);
            }
        }
    }

    /// Returns the tests that must find it, as in `class#method`.
    List<String> tests() {
        List<String> tests = new ArrayList<>();
        for (Finder finder : List.of(simulation, unitTest)) {
            if (finder.isTest()) {
                tests.add(finder.test());
            }
        }
        return tests;
    }

    /// Returns the source with the fault.
    ///
    /// @throws IOException if the place is not found in it, or more than once
    public String plantIn(String source) throws IOException {
        String old = String.join("\n", before) + "\n";
        int at = source.indexOf(old);
        if (at < 0 || source.indexOf(old, at + 1) >= 0) {
            throw new IOException(
                    "the planted fault " + name + " does not fit " + file + " any more");
        }
        String changed = String.join("\n", after) + "\n";
        return source.substring(0, at) + changed + source.substring(at + old.length());
    }
}

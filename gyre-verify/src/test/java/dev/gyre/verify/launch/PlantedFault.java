package dev.gyre.verify.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A change of one place in one source of the core that makes it wrong, as a patch with a head:
/// what is wrong, `Tests:` with the class that must find it, and for a class of simulations
/// `Seeds:`, of how many at most.
///
/// @param name that of the file, without its ending
/// @param tests the full name of the class
/// @param seeds 0 if the tests have none
/// @param file the source, in the repository
/// @param before the lines of the place
/// @param after what they are with the fault
public record PlantedFault(
        String name,
        String tests,
        int seeds,
        String file,
        List<String> before,
        List<String> after) {

    private static final String ENDING = ".patch";

    /// Reads a patch.
    ///
    /// @throws IOException if it is not there, or not such a one
    public static PlantedFault read(Path patch) throws IOException {
        List<String> lines = Files.readAllLines(patch);
        String name = patch.getFileName().toString().replace(ENDING, "");
        String seeds = value(lines, "Seeds: ", "0");
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        readHunk(lines, before, after);
        String tests = value(lines, "Tests: ", "");
        String file = value(lines, "--- a/", "");
        if (tests.isEmpty() || file.isEmpty() || before.equals(after)) {
            throw new IOException(patch + " needs Tests:, --- a/ with the source, and one hunk");
        }
        return new PlantedFault(
                name,
                "dev.gyre.verify." + tests.replace('/', '.'),
                Integer.parseInt(seeds),
                file,
                before,
                after);
    }

    private static String value(List<String> lines, String key, String otherwise) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()))
                .findFirst()
                .orElse(otherwise);
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

package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The faults that `./gyre mutants` plants fit the sources as they are.
class MutantsTest {

    static List<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(Repository.ROOT.resolve("gyre-verify/src/mutants"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("patches")
    void thePatchFits(Path patch) throws IOException {
        List<String> lines = Files.readAllLines(patch);
        String file =
                lines.stream()
                        .filter(line -> line.startsWith("--- a/"))
                        .map(line -> line.substring("--- a/".length()))
                        .collect(Collectors.joining());
        String source = Files.readString(Repository.ROOT.resolve(file));

        assertThat(source).contains(removed(lines));
        assertThat(lines.get(1)).startsWith("Tests: ");
    }

    /// Returns the lines of the hunk as they are before it is applied.
    private static String removed(List<String> lines) {
        int hunk = 0;
        while (!lines.get(hunk).startsWith("@@")) {
            hunk++;
        }
        return lines.stream()
                .skip(hunk + 1L)
                .filter(line -> !line.startsWith("+"))
                .map(line -> line.isEmpty() ? line : line.substring(1))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}

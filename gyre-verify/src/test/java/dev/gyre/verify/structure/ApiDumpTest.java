package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The public API as text, in `api/`: a change of it is a change of a committed file, seen in
/// review.
class ApiDumpTest {

    private static final String RENEW = "./gyre test ApiDumpTest -Dgyre.api.write=true";

    static Iterable<ShippedModule> shipped() {
        return ShippedModule.ALL;
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void publicApiIsTheCommittedOne(ShippedModule module) throws IOException {
        Path file = Repository.ROOT.resolve("api").resolve(module.name() + ".api");
        List<String> actual = ApiDump.of(module);
        if (Boolean.getBoolean("gyre.api.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, String.join("\n", actual) + "\n");
            return;
        }

        List<String> committed = Files.exists(file) ? Files.readAllLines(file) : List.of();

        if (!committed.equals(actual)) {
            fail(
                    "The public API of %s is not what api/%s says:%n%n%s%n%nIf it is meant: %s",
                    module.name(),
                    file.getFileName(),
                    String.join("\n", difference(committed, actual)),
                    RENEW);
        }
    }

    @Test
    void differenceNamesTheTypeOfEachLine() {
        List<String> before = List.of("module m", "", "class A", "    int a()", "    int b()");
        List<String> after = List.of("module m", "", "class A", "    int a()", "    int c()");

        assertThat(difference(before, after))
                .containsExactly("  class A", "-     int b()", "+     int c()");
    }

    @Test
    void differenceOfEqualTextsIsEmpty() {
        assertThat(difference(List.of("class A"), List.of("class A"))).isEmpty();
    }

    /// Returns the lines that went and came, in order, each group under the type it belongs to.
    private static List<String> difference(List<String> before, List<String> after) {
        int[][] common = commonLengths(before, after);
        List<String> result = new ArrayList<>();
        String type = "";
        String printedType = "";
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            boolean isSame =
                    i < before.size() && j < after.size() && before.get(i).equals(after.get(j));
            boolean isGone =
                    !isSame
                            && i < before.size()
                            && (j == after.size() || common[i + 1][j] >= common[i][j + 1]);
            String line = isSame || isGone ? before.get(i) : after.get(j);
            if (isSame && !line.startsWith(" ")) {
                type = line;
            }
            if (!isSame) {
                if (line.startsWith(" ") && !type.equals(printedType)) {
                    result.add("  " + type);
                    printedType = type;
                }
                result.add((isGone ? "- " : "+ ") + line);
                type = line.startsWith(" ") ? type : line;
                printedType = line.startsWith(" ") ? printedType : line;
            }
            i += isSame || isGone ? 1 : 0;
            j += isGone ? 0 : 1;
        }
        return result;
    }

    /// Returns the table of the longest common subsequence: of the rests from each pair of lines.
    private static int[][] commonLengths(List<String> before, List<String> after) {
        int[][] lengths = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                lengths[i][j] =
                        before.get(i).equals(after.get(j))
                                ? lengths[i + 1][j + 1] + 1
                                : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
            }
        }
        return lengths;
    }
}

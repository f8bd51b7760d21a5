package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What shipped code may catch. User code throws whatever it likes: errors, and checked exceptions
/// that no signature tells. So a `catch` that means "whatever comes" says `Throwable`; one that
/// says less lets the rest through, past the clean-up that it was written for.
class CaughtTest {

    private static final Pattern CATCH = Pattern.compile("\\bcatch\\s*\\(([^)]*)\\)");

    private static final Pattern OR = Pattern.compile("\\|");

    /// Types that are a part of what can be thrown, and mean no cause in particular.
    private static final Set<String> PARTS =
            Set.of("Exception", "RuntimeException", "Error", "VirtualMachineError");

    private record Caught(String path, String type) {

        @Override
        public String toString() {
            return path + " " + type;
        }
    }

    @Test
    void whoCatchesWhateverComesSaysThrowable() {
        Set<String> found = new TreeSet<>();
        caught().stream()
                .filter(caught -> PARTS.contains(caught.type()))
                .forEach(caught -> found.add(caught.toString()));

        assertThat(found).as("catch clauses; write Throwable, or name what is meant").isEmpty();
    }

    @Test
    void theRuleSeesTheClausesOfTheShippedSources() {
        assertThat(caught()).extracting(Caught::type).contains("Throwable", "IOException");
    }

    private static List<Caught> caught() {
        List<Caught> caught = new ArrayList<>();
        for (Repository.Text text : Repository.texts()) {
            boolean isShipped =
                    text.isIn("gyre-core/src/main/") || text.isIn("gyre-testing/src/main/");
            if (isShipped && text.endsWith(".java")) {
                addAll(caught, text);
            }
        }
        return caught;
    }

    private static void addAll(List<Caught> caught, Repository.Text text) {
        Matcher clause = CATCH.matcher(String.join("\n", text.lines()));
        while (clause.find()) {
            // The last word is the name of what is caught.
            String types = clause.group(1).trim().replaceFirst("\\s+\\S+$", "");
            OR.splitAsStream(types)
                    .forEach(type -> caught.add(new Caught(text.path(), type.trim())));
        }
    }
}

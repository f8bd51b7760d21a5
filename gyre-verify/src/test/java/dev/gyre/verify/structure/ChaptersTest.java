package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The order in which the package of the loop can be read, `docs/architecture.md` has it: each
/// chapter uses those before it, and none after it. So the parts can be understood, and tested,
/// without the loop.
class ChaptersTest {

    /// The loop, its futures and its tasks know each other, and what is made of them. More types
    /// than these are a knot.
    private static final int CIRCLE_MAX = 30;

    /// How many members of the loop only its own package sees.
    private static final int DOORS_MAX = 12;

    private static final Chapters CHAPTERS =
            new Chapters(
                    Repository.text("docs/architecture.md"),
                    "Chapters of the loop",
                    "dev.gyre.loop",
                    Imported.CORE);

    @Test
    void everyTypeHasAChapter() {
        assertThat(CHAPTERS.listed())
                .as("types in the table \"Chapters of the loop\" of docs/architecture.md")
                .isEqualTo(CHAPTERS.types());
    }

    @Test
    void aChapterUsesNoneThatComesAfterIt() {
        assertThat(CHAPTERS.usesAhead()).isEmpty();
    }

    @Test
    void theLargestCircleIsTheLoopAndWhatIsMadeOfIt() {
        Set<String> circle = CHAPTERS.largestCircle();

        System.out.printf(
                "dev.gyre.loop, %d types:%n%s  the largest circle: %d types, %s%n"
                        + "  %d types use IOLoop, which has %d doors: %s%n",
                CHAPTERS.types().size(),
                CHAPTERS,
                circle.size(),
                String.join(", ", circle),
                CHAPTERS.usersOf("IOLoop").size(),
                doors().size(),
                String.join(", ", doors()));
        assertThat(circle).contains("IOLoop", "LoopFuture", "Task").hasSizeLessThan(CIRCLE_MAX);
        assertThat(doors()).hasSizeLessThanOrEqualTo(DOORS_MAX);
    }

    /// The members of the loop that are neither public nor private.
    private static Set<String> doors() {
        JavaClass loop = Imported.CORE.get("dev.gyre.loop.IOLoop");
        Set<String> doors = new TreeSet<>();
        loop.getMethods().stream()
                .filter(method ->
                        !method.getModifiers().contains(JavaModifier.PUBLIC)
                                && !method.getModifiers().contains(JavaModifier.PRIVATE)
                                && !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                .forEach(method -> doors.add(method.getName()));
        return doors;
    }
}

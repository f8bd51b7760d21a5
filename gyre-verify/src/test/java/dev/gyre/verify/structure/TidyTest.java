package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.verify.structure.Repository.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The order of the repository as a whole. What concerns single Java files is Checkstyle's affair,
/// unless it has to hold before a module is compiled.
class TidyTest {

    private static final int JAVA_LINES_MAX = 700;

    /// Composed, so that this file does not contain what it looks for.
    private static final Pattern LEFTOVER =
            Pattern.compile(
                    "\\b(" + String.join("|", "TO" + "DO", "FIX" + "ME", "X" + "XX") + ")\\b");

    private static final Pattern MACHINE_PATH =
            Pattern.compile(
                    "(?<![\\w.$}/-])("
                            + String.join(
                                    "|",
                                    "/(work|root)\\b",
                                    "/home/(?!linuxbrew)\\w+",
                                    "/Users/\\w+",
                                    "/usr/lib/jvm/\\w+-\\d+")
                            + ")");

    private static final Pattern SLEEP = Pattern.compile("\\b(Thread|TimeUnit\\.\\w+)\\.sleep\\(");

    private static final Pattern LOGGER = Pattern.compile("System\\s*\\.getLogger\\(([^)]*)\\)");

    private static final Set<String> LOGGERS =
            Set.of("\"dev.gyre.general\"", "\"dev.gyre.application\"", "\"dev.gyre.access\"");

    private static final Pattern DEMO = Pattern.compile("\\./gyre demo ([a-z][a-z0-9-]*)");

    private static final List<Text> TEXTS = Repository.texts();

    @Test
    void nothingIsLeftForLater() {
        // The rule file of Checkstyle has to name the marks.
        assertThat(linesWith(LEFTOVER, text -> !text.path().equals("config/checkstyle.xml")))
                .as("marks of things left for later; an issue is a better place")
                .isEmpty();
    }

    @Test
    void noFileNamesAPathOfOneMachine() {
        assertThat(linesWith(MACHINE_PATH, text -> true))
                .as("paths that exist on somebody's machine only")
                .isEmpty();
    }

    @Test
    void nothingSleepsInAnyModule() {
        // SourcesTest sees what is compiled before it; examples and benchmarks come after.
        assertThat(
                        linesWith(
                                SLEEP,
                                text ->
                                        text.endsWith(".java")
                                                && !text.endsWith("/task/BlockingCalls.java")))
                .as("sleeping is not synchronisation")
                .isEmpty();
    }

    @Test
    void loggersHaveTheThreeNames() {
        Set<String> names = new TreeSet<>();
        javaFiles()
                .filter(text -> text.isIn("gyre-core/src/main/"))
                .flatMap(text -> LOGGER.matcher(String.join("\n", text.lines())).results())
                .forEach(found -> names.add(found.group(1).strip()));

        assertThat(LOGGERS).containsAll(names);
    }

    @Test
    void javaFilesStayWithinTheirLimit() {
        assertThat(javaFiles().filter(text -> text.lines().size() > JAVA_LINES_MAX))
                .extracting(Text::path)
                .as("Java files of more than %d lines: which chapter can leave?", JAVA_LINES_MAX)
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        Set<String> packages =
                javaFiles()
                        .map(Text::path)
                        .filter(path -> path.contains("/src/main/java/"))
                        .map(path -> path.substring(0, path.lastIndexOf('/')))
                        .filter(folder -> !folder.endsWith("/src/main/java"))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(packages)
                .as("packages without package-info.java")
                .allMatch(folder ->
                        Files.exists(Repository.ROOT.resolve(folder, "package-info.java")));
    }

    @Test
    void linksBetweenFilesLeadSomewhere() {
        List<String> broken =
                markdownFiles()
                        .flatMap(file ->
                                Markdown.links(file).stream()
                                        .filter(link -> isBroken(file, link))
                                        .map(link -> file.path() + ": " + link))
                        .toList();

        assertThat(broken).as("links to files or headings that do not exist").isEmpty();
    }

    @Test
    void demosInTheReadmeExist() {
        Set<String> shown =
                TEXTS.stream()
                        .filter(text -> text.path().equals("README.md"))
                        .flatMap(text -> text.lines().stream())
                        .flatMap(line -> DEMO.matcher(line).results())
                        .map(found -> found.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        String demos =
                javaFiles()
                        .filter(text -> text.isIn("gyre-examples/src/main/"))
                        .flatMap(text -> text.lines().stream())
                        .collect(Collectors.joining("\n"));

        assertThat(shown)
                .as("demos that the README shows, against gyre-examples")
                .allMatch(name -> demos.contains('"' + name + '"'));
    }

    @Test
    void theGuideToTestsNamesTheVersionsThatTheBuildUses() {
        String pom = String.join("\n", Repository.text("pom.xml").lines());
        String guide = String.join("\n", Repository.text("docs/testing.md").lines());
        String junit = firstGroup("<junit.version>(.*)</junit.version>", pom);

        assertThat(guide)
                .contains("JUnit " + junit + " ", "<version>" + junit + "</version>")
                .contains("junit-jupiter:" + junit, "junit-platform-launcher:" + junit);
        for (String name : List.of("compiler", "surefire")) {
            String version =
                    "<artifactId>maven-%s-plugin</artifactId>\\s*<version>(.*)</version>"
                            .formatted(name);
            assertThat(firstGroup(version, guide)).isEqualTo(firstGroup(version, pom));
        }
    }

    private static String firstGroup(String pattern, String text) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }

    @Test
    void decisionsAreNumberedWithoutGaps() {
        Pattern decision = Pattern.compile("docs/adr/(\\d{4})-[a-z0-9-]+\\.md");
        List<String> names =
                TEXTS.stream()
                        .map(Text::path)
                        .filter(path -> path.startsWith("docs/adr/") && !path.endsWith("README.md"))
                        .toList();

        List<String> numbers =
                names.stream().map(name -> decision.matcher(name).replaceFirst("$1")).toList();

        assertThat(numbers)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, names.size())
                                .mapToObj("%04d"::formatted)
                                .toList());
    }

    @Test
    void scriptsCanBeRunAsTheyAre() {
        assertThat(
                        TEXTS.stream()
                                .filter(text ->
                                        text.lines().stream()
                                                .limit(1)
                                                .anyMatch(first -> first.startsWith("#!"))))
                .extracting(Text::path)
                .as("scripts without permission to run")
                .allMatch(path -> Files.isExecutable(Repository.ROOT.resolve(path)));
    }

    private static boolean isBroken(Text file, String link) {
        if (link.matches("[a-z]+:.*")) {
            return false;
        }
        String[] parts = link.split("#", 2);
        Path target =
                parts[0].isEmpty()
                        ? Path.of(file.path())
                        : Path.of(file.path()).resolveSibling(parts[0]).normalize();
        if (target.startsWith("..") || !Files.exists(Repository.ROOT.resolve(target))) {
            return true;
        }
        Optional<Text> text =
                TEXTS.stream().filter(other -> Path.of(other.path()).equals(target)).findFirst();
        return parts.length == 2
                && text.filter(found -> found.endsWith(".md"))
                        .filter(found -> !Markdown.anchors(found).contains(parts[1]))
                        .isPresent();
    }

    private static Stream<Text> javaFiles() {
        return TEXTS.stream().filter(text -> text.endsWith(".java"));
    }

    private static Stream<Text> markdownFiles() {
        return TEXTS.stream().filter(text -> text.endsWith(".md"));
    }

    private static List<String> linesWith(Pattern pattern, Predicate<Text> where) {
        List<String> found = new ArrayList<>();
        for (Text text : TEXTS.stream().filter(where).toList()) {
            for (int i = 0; i < text.lines().size(); i++) {
                if (pattern.matcher(text.lines().get(i)).find()) {
                    found.add(
                            "%s:%d: %s".formatted(text.path(), i + 1, text.lines().get(i).strip()));
                }
            }
        }
        return found;
    }
}

package dev.gyre.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;

/// The command line of `./gyre bench`, without running anything.
final class ProcessBenchTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int execute(String... arguments) {
        return ProcessBench.commandLine(stream(out), stream(err)).execute(arguments);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static BenchOptions options(String... arguments) {
        BenchOptions options = new BenchOptions();
        options.describe(CommandSpec.create()).parseArgs(arguments);
        return options;
    }

    private static List<String> subjects(BenchOptions options) {
        return options.subjects().stream().map(Subject::name).toList();
    }

    private static List<String> scenarios(BenchOptions options) {
        return options.scenarios().stream().map(Scenario::name).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--scenario=tea | no scenario 'tea', but line-echo-1, line-echo-16, ",
                "--subject=tea | no subject 'tea', but floor, floor-c, netty-epoll, ",
                "--collector=tea | no collector 'tea', but g1, serial, z (",
                "--scenario=chat,churn,chat | --scenario names chat twice",
                "--rounds=0 | '0' is not a number from 1 to 1000",
                "--scenario=, | --scenario was given no name; there are line-echo-1, ",
                "--subject=, | --subject was given no name; there are floor, floor-c, ",
                "--seconds=0 | '0' is not a number of seconds from 0.01 to 3600",
                "--warm-up=tea | 'tea' is not a number of seconds from 0.01 to 3600",
                "--tea | no option '--tea'",
            })
    void whatDoesNotExistIsRefusedInOneLine(String argument, String words) {
        assertThat(execute("--quick", argument)).isEqualTo(2);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("gyre bench: ")
                .contains(words)
                .endsWith("(see ./gyre bench --help)");
    }

    @Test
    void aPageThatCannotBeWrittenIsRefusedBeforeAnythingIsMeasured(@TempDir Path folder) {
        assertThat(execute("--quick", "--page", folder.toString())).isEqualTo(2);

        assertThat(out.size()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("gyre bench: the page cannot be written to '" + folder + "'");
    }

    @Test
    void aPageThatIsThereStaysUntilThereIsAnother(@TempDir Path folder) throws Exception {
        Path old = Files.writeString(folder.resolve("old.html"), "what was measured before");
        Path young = folder.resolve("young").resolve("page.html");

        assertThat(options("--page", old.toString()).page()).isEqualTo(old);
        assertThat(options("--page", young.toString()).page()).isEqualTo(young);

        assertThat(old).hasContent("what was measured before");
        assertThat(young).doesNotExist();
    }

    @Test
    void aListDoesNotHideWhatDoesNotExist() {
        assertThat(execute("--list", "--collector", "tea")).isEqualTo(2);

        assertThat(out.size()).isZero();
    }

    @Test
    void listsScenariosAndSubjects() {
        assertThat(execute("--list")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .contains("Scenarios:", "Subjects:")
                .anyMatch(line -> line.startsWith("  line-echo-1 "))
                .anyMatch(line -> line.startsWith("  gyre "));
        assertThat(err.size()).isZero();
    }

    @Test
    void unlessToldOtherwiseEverythingIsMeasuredNineTimes() {
        BenchOptions options = options();

        assertThat(options.scenarios()).isEqualTo(Scenarios.all());
        assertThat(options.subjects()).isEqualTo(Subjects.all());
        assertThat(options.plan(Path.of("keys")).rounds()).isEqualTo(9);
    }

    @Test
    void quickIsOneScenarioWithFewSubjectsAndRounds() {
        BenchOptions options = options("--quick");

        assertThat(scenarios(options)).containsExactly("line-echo-1");
        assertThat(subjects(options))
                .containsExactly("floor", "netty-epoll", "netty-io_uring", "gyre");
        assertThat(options.plan(Path.of("keys")))
                .isEqualTo(
                        new Plan(
                                3,
                                Duration.ofMillis(1500),
                                Duration.ofSeconds(1),
                                Path.of("keys")));
    }

    @Test
    void whatIsNamedGoesBeforeQuick() {
        BenchOptions options =
                options("--quick", "--scenario", "churn,chat", "--subject", "vertx", "--rounds=2");

        assertThat(scenarios(options)).containsExactly("churn", "chat");
        assertThat(subjects(options)).containsExactly("floor", "vertx");
        assertThat(options.plan(Path.of("keys")).rounds()).isEqualTo(2);
    }

    @Test
    void whatTheRatiosReferToIsMeasuredInAnyCase() {
        assertThat(subjects(options("--scenario=chat", "--subject=gyre")))
                .containsExactly("floor", "gyre");
        assertThat(subjects(options("--scenario=tls-echo-1", "--subject=gyre")))
                .containsExactly("netty-epoll", "gyre");
    }
}

package dev.gyre.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;

/// The command line of `./gyre soak`, without running anything.
final class SoakTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static SoakPlan plan(String... arguments) {
        SoakOptions options = new SoakOptions();
        options.describe(CommandSpec.create()).parseArgs(arguments);
        return options.plan();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--minutes | --minutes needs M",
                "--minutes=tea | 'tea' is not a number of minutes from 0.1 to 10080",
                "--minutes=0.09 | '0.09' is not a number of minutes from 0.1 to 10080",
                "--minutes=10081 | '10081' is not a number of minutes from 0.1 to 10080",
                "--guests=0 | '0' is not a number from 1 to 1000",
                "--seed=tea | 'tea' is not a whole number",
                "--plant=tea | no defect 'tea', but none, lose, double, leak",
                "--tea | no option '--tea'",
            })
    void whatDoesNotExistIsRefusedInOneLine(String argument, String words) {
        int status = Soak.commandLine(stream(out), stream(err)).execute(argument);

        assertThat(status).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("gyre soak: ")
                .contains(words)
                .endsWith("(see ./gyre soak --help)");
    }

    @Test
    void whatIsNotSaidHasItsDefault() {
        SoakPlan plan = plan("--seed=7");

        assertThat(plan)
                .isEqualTo(new SoakPlan(Duration.ofMinutes(10), 7, 40, Defect.NONE, List.of()));
        assertThat(plan.betweenLooks()).isEqualTo(Duration.ofSeconds(5));
        assertThat(plan.stallMax()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void debugModeIsForTheServer() {
        assertThat(plan("--debug").serverFlags()).containsExactly("-Ddev.gyre.debug=true");
    }

    @Test
    void aShortRunLooksOftenAndDoesNotStallForLong() {
        SoakPlan plan = plan("--minutes=0.1", "--guests=3", "--plant=lose", "--seed=-7");

        assertThat(plan)
                .isEqualTo(new SoakPlan(Duration.ofSeconds(6), -7, 3, Defect.LOSE, List.of()));
        assertThat(plan.betweenLooks()).isEqualTo(Duration.ofSeconds(1));
        assertThat(plan.stallMax()).isEqualTo(Duration.ofMillis(1500));
    }
}

package dev.gyre.examples;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The demos that end by themselves, in processes of their own, under both mechanisms.
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // Reading a pipe has no time-out.
final class ProgramProcessTest {

    private static GyreProcess start(String mechanism, String... arguments) throws Exception {
        return GyreProcess.start(List.of(mechanism), Redirect.PIPE, arguments);
    }

    @Test
    void underTheCarrierTheWatchdogNamesTheFileRead() throws Exception {
        try (var gyre = start(GyreProcess.CARRIER, "demo", "blocking-is-fine", "--seconds", "1")) {
            assertThat(gyre.outputLines())
                    .contains("None of them held up the loop: each suspended its coroutine alone.");
            assertThat(String.join("\n", gyre.errorLines()))
                    .contains("one turn has been running for")
                    .contains("at dev.gyre.examples.BlockingIsFine.readSlowFile(");
            assertThat(gyre.exitStatus()).isZero();
        }
    }

    @Test
    void underTheBatonItSaysThatTheLoopWasHeldUpAndWhatToDo() throws Exception {
        try (var gyre = start(GyreProcess.BATON, "demo", "blocking-is-fine", "--seconds", "0.1")) {
            assertThat(gyre.outputLines())
                    .contains(
                            "The gaps are as long as the calls: here, a coroutine that blocks holds"
                                    + " up",
                            "leave out -Ddev.gyre.coroutines=baton.")
                    .anyMatch(line -> line.startsWith("loop.runInExecutor "));
            assertThat(gyre.exitStatus()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GyreProcess.CARRIER, GyreProcess.BATON})
    void terminationEndsABlockedCoroutineWell(String mechanism) throws Exception {
        try (var gyre = start(mechanism, "demo", "blocking-is-fine", "--seconds", "1")) {
            while (!gyre.nextLine().startsWith("call ")) {
                // The header of the table is printed with the signals already heard.
            }

            gyre.signal("TERM");

            assertThat(gyre.errorLines()).containsExactly("blocking-is-fine: interrupted");
            assertThat(gyre.exitStatus()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GyreProcess.CARRIER, GyreProcess.BATON})
    void theSpiderEndsByItself(String mechanism) throws Exception {
        try (var gyre = start(mechanism, "demo", "spider", "--pages", "60")) {
            assertThat(gyre.outputLines()).contains("pages fetched  60", "broken links   2");
            assertThat(gyre.exitStatus()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GyreProcess.CARRIER, GyreProcess.BATON})
    void theSpiderThatRunsOutOfTimeSaysSoInItsStatus(String mechanism) throws Exception {
        try (var gyre =
                start(mechanism, "demo", "spider", "--pages", "100000", "--timeout", "0.5")) {
            assertThat(gyre.outputLines())
                    .endsWith("The deadline has passed; this is what was found until then.");
            assertThat(gyre.exitStatus()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GyreProcess.CARRIER, GyreProcess.BATON})
    void terminationEndsTheSpiderWell(String mechanism) throws Exception {
        try (var gyre = start(mechanism, "demo", "spider", "--pages", "100000")) {
            // The first line of the progress shows that the crawl is under way.
            assertThat(gyre.nextErrorLine()).startsWith("fetched ");

            gyre.signal("TERM");

            assertThat(gyre.exitStatus()).isZero();
            assertThat(gyre.errorLines()).last().isEqualTo("spider: interrupted");
            assertThat(gyre.outputLines()).isEmpty();
        }
    }

    @Test
    void theDoctorNamesTheLineToAdd() throws Exception {
        try (var gyre = GyreProcess.start(List.of(), Redirect.PIPE, "doctor")) {
            List<String> lines = gyre.outputLines();

            assertThat(lines).anyMatch(line -> line.startsWith("coroutines  baton "));
            assertThat(lines)
                    .filteredOn(line -> line.startsWith("Could be better: "))
                    .singleElement()
                    .asString()
                    .contains("--add-opens=java.base/java.lang=ALL-UNNAMED");
            boolean healthy = lines.contains("Nothing is wrong.");
            assertThat(gyre.exitStatus()).isEqualTo(healthy ? 0 : 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw-echo", "blocking-is-fine"})
    void aMechanismThatThereIsNotIsToldInOneLine(String demo) throws Exception {
        try (var gyre = start("-Ddev.gyre.coroutines=foo", "demo", demo)) {
            assertThat(gyre.errorLines())
                    .containsExactly(
                            "gyre demo %s: there are no coroutines here: ".formatted(demo)
                                    + "-Ddev.gyre.coroutines=foo is unknown; use carrier or baton");
            assertThat(gyre.outputLines()).isEmpty();
            assertThat(gyre.exitStatus()).isEqualTo(2);
        }
    }

    @Test
    void aMechanismThatDoesNotWorkIsToldInOneLine() throws Exception {
        try (var gyre = start("-Ddev.gyre.coroutines=carrier", "demo", "spider")) {
            assertThat(gyre.errorLines())
                    .singleElement(as(STRING))
                    .startsWith(
                            "gyre demo spider: there are no coroutines here: "
                                    + "-Ddev.gyre.coroutines=carrier does not work; ")
                    .contains("--add-opens");
            assertThat(gyre.exitStatus()).isEqualTo(2);
        }
    }

    @Test
    void theDoctorToldToInsistOnTheCarrierSaysThatThereIsNone() throws Exception {
        try (var gyre = start("-Ddev.gyre.coroutines=carrier", "doctor")) {
            assertThat(gyre.outputLines())
                    .anyMatch(line -> line.startsWith("coroutines  none: "))
                    .anyMatch(line -> line.startsWith("Wrong: Coroutines do not work; "));
            assertThat(gyre.exitStatus()).isEqualTo(1);
        }
    }
}

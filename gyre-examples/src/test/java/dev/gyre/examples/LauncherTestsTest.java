package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The command `./gyre test`, with a Maven that writes the reports that it is told to.
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
final class LauncherTestsTest {

    private static final String REPORT =
            """
            <testsuite name="a.b.OtherTest" tests="5" errors="0" skipped="4" failures="0">
              <testcase name="speaks" classname="a.b.OtherTest" time="0.001"/>
              <testcase name="listens" classname="a.b.OtherTest" time="0.001">
                <skipped type="x.TestAbortedException"><![CDATA[x.TestAbortedException: \
            Assumption failed: nc is not installed
            \tat org.junit.jupiter.api.Assumptions.throwAssumptionFailed(Assumptions.java:340)
            ]]></skipped>
              </testcase>
              <testcase name="hears(Wire)[1]" classname="a.b.OtherTest" time="0.001">
                <skipped message="only &quot;sh&quot; &amp; kin&#10;have it"/>
              </testcase>
              <testcase name="initializationError" classname="a.b.WholeTest" time="0.0">
                <skipped type="x.TestAbortedException"><![CDATA[x.TestAbortedException: \
            Assumption failed: python3 with tornado is not installed
            ]]></skipped>
              </testcase>
              <testcase name="sees" classname="a.b.OtherTest" time="0.001">
                <skipped/>
              </testcase>
            </testsuite>
            """;

    @TempDir private Path folder;

    @BeforeEach
    void makeCheckoutAndJdk() throws IOException {
        Files.copy(Path.of("..", "gyre"), folder.resolve("gyre"));
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        assertThat(Files.createFile(bin.resolve("javac")).toFile().setExecutable(true)).isTrue();
        Files.createFile(Files.createDirectories(folder.resolve("jdk/lib")).resolve("modules"));
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
        Files.writeString(folder.resolve("report.xml"), REPORT);
    }

    private Process start(String maven) throws IOException {
        // Reports are told by their time, and that of a file may be a tick of the clock behind.
        String tick = "until [ tick -nt target/tests.*/began ]; do : >tick; done\n";
        Path wrapper = Files.writeString(folder.resolve("mvnw"), "#!/bin/sh\n" + tick + maven);
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder = new ProcessBuilder("sh", "gyre", "test", "-Dtest=ATest", "-q");
        builder.directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", "jdk");
        return builder.start();
    }

    private static String output(Process launcher) throws IOException {
        return new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private Path reports(String module, String name) throws IOException {
        return Files.createDirectories(folder.resolve(module).resolve("target").resolve(name));
    }

    private static void assertHasEnded(Process launcher, int status) throws Exception {
        assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isEqualTo(status);
    }

    @Test
    void whatWasSkippedAndWhyIsToldAtTheEndAlsoOfAFailure() throws Exception {
        reports("gyre-verify", "surefire-reports");
        reports("gyre-verify", "surefire-reports-baton");

        Process launcher =
                start(
                        """
                        cp report.xml gyre-verify/target/surefire-reports/TEST-a.xml
                        cp report.xml gyre-verify/target/surefire-reports-baton/TEST-a.xml
                        echo "$@"
                        exit 3
                        """);

        assertThat(output(launcher))
                .isEqualTo(
                        """
                        verify -T 2 -Dtest=ATest -q
                        gyre: 8 tests were skipped
                          OtherTest.hears(Wire)[1]: only "sh" & kin (2 times)
                          OtherTest.listens: nc is not installed (2 times)
                          OtherTest.sees: no reason given (2 times)
                          WholeTest: python3 with tornado is not installed (2 times)
                        """);
        assertHasEnded(launcher, 3);
    }

    @Test
    void reportsOfAnEarlierRunAreNotTold() throws Exception {
        Path reports = reports("gyre-core", "surefire-reports");
        Files.writeString(reports.resolve("TEST-old.xml"), REPORT);

        Process launcher =
                start("echo '<testsuite >' >gyre-core/target/surefire-reports/TEST-b.xml");

        assertThat(output(launcher)).isEqualTo("gyre: no tests were skipped\n");
        assertHasEnded(launcher, 0);
    }

    @Test
    void aRunWithoutTestsTellsNothingOfThem() throws Exception {
        Process launcher = start("exit 1");

        assertThat(output(launcher)).isEmpty();
        assertHasEnded(launcher, 1);
    }

    @Test
    void whoEndsTheLauncherEndsMaven() throws Exception {
        Process launcher = start("mkfifo gate\necho ready\nexec cat gate");

        assertThat(launcher.inputReader().readLine()).isEqualTo("ready");
        launcher.toHandle().destroy();

        assertHasEnded(launcher, 143);
        // Maven was the last that could write something.
        assertThat(launcher.inputReader().readLine()).isNull();
    }

    /// A terminal sends the signal to Maven as well, which takes its time.
    @Test
    void whoInterruptsItHearsWhatWasSkippedUntilThen() throws Exception {
        reports("gyre-core", "surefire-reports");
        Process launcher =
                start(
                        """
                        mkfifo gate
                        echo ready
                        read -r _ <gate
                        cp report.xml gyre-core/target/surefire-reports/TEST-a.xml
                        exit 130
                        """);

        assertThat(launcher.inputReader().readLine()).isEqualTo("ready");
        new ProcessBuilder("sh", "-c", "kill -INT " + launcher.pid()).start().waitFor();
        Files.writeString(folder.resolve("gate"), "ended\n");

        assertThat(launcher.inputReader().readLine()).isEqualTo("gyre: 4 tests were skipped");
        assertHasEnded(launcher, 130);
    }
}

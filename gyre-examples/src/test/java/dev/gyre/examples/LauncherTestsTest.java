package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /// Set before each test.
    private Checkout launcher = new Checkout(Path.of("none"));

    @BeforeEach
    void makeCheckoutAndJdk() throws IOException {
        launcher = Checkout.in(folder);
        Checkout.makeJdk(folder.resolve("jdk"), "");
        Files.writeString(folder.resolve("report.xml"), REPORT);
    }

    private Process start(String maven, String... arguments) throws IOException {
        // Reports are told by their time, and that of a file may be a tick of the clock behind.
        launcher.makeMaven("until [ tick -nt target/tests.*/began ]; do : >tick; done\n" + maven);
        List<String> command = new ArrayList<>(List.of("sh", "gyre", "test"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
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

        Process launched =
                start(
                        """
                        cp report.xml gyre-verify/target/surefire-reports/TEST-a.xml
                        cp report.xml gyre-verify/target/surefire-reports-baton/TEST-a.xml
                        echo "$@"
                        exit 3
                        """,
                        "-Dtest=ATest",
                        "-q");

        assertThat(output(launched))
                .isEqualTo(
                        """
                        verify -T 2 -Dtest=ATest -q
                        gyre: 8 tests were skipped
                          OtherTest.hears(Wire)[1]: only "sh" & kin (2 times)
                          OtherTest.listens: nc is not installed (2 times)
                          OtherTest.sees: no reason given (2 times)
                          WholeTest: python3 with tornado is not installed (2 times)
                        """);
        assertHasEnded(launched, 3);
    }

    @Test
    void reportsOfAnEarlierRunAreNotTold() throws Exception {
        Path reports = reports("gyre-core", "surefire-reports");
        Files.writeString(reports.resolve("TEST-old.xml"), REPORT);

        Process launched =
                start("echo '<testsuite >' >gyre-core/target/surefire-reports/TEST-b.xml");

        assertThat(output(launched)).isEqualTo("gyre: no tests were skipped\n");
        assertHasEnded(launched, 0);
    }

    @Test
    void aRunWithoutTestsTellsNothingOfThem() throws Exception {
        Process launched = start("exit 1");

        assertThat(output(launched)).isEmpty();
        assertHasEnded(launched, 1);
    }

    @Test
    void whoEndsTheLauncherEndsMaven() throws Exception {
        Process launched = start("mkfifo gate\necho ready\nexec cat gate");

        assertThat(launched.inputReader().readLine()).isEqualTo("ready");
        launched.toHandle().destroy();

        assertHasEnded(launched, 143);
        // Maven was the last that could write something.
        assertThat(launched.inputReader().readLine()).isNull();
    }

    /// A terminal sends the signal to Maven as well, which takes its time.
    @Test
    void whoInterruptsItHearsWhatWasSkippedUntilThen() throws Exception {
        reports("gyre-core", "surefire-reports");
        Process launched =
                start(
                        """
                        mkfifo gate
                        echo ready
                        read -r _ <gate
                        cp report.xml gyre-core/target/surefire-reports/TEST-a.xml
                        exit 130
                        """);

        assertThat(launched.inputReader().readLine()).isEqualTo("ready");
        new ProcessBuilder("sh", "-c", "kill -INT " + launched.pid()).start().waitFor();
        Files.writeString(folder.resolve("gate"), "ended\n");

        assertThat(launched.inputReader().readLine()).isEqualTo("gyre: 4 tests were skipped");
        assertHasEnded(launched, 130);
    }

    private void makeTests() throws IOException {
        launcher.makeTest(
                "gyre-verify",
                "TeaTest",
                """
                final class TeaTest {
                    @Test
                    void isDrunk() {}
                    @Test
                    void isHotAtFirst() {}
                }
                """);
        launcher.makeTest("gyre-core", "CakeTest", "final class CakeTest extends PastryTest {}");
        launcher.makeTest("gyre-core", "Cup", "final class Cup {}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TeaTest                   | gyre-verify           | TeaTest",
                "TeaTest#isDrunk           | gyre-verify           | TeaTest#isDrunk",
                "TeaTest.isHot*            | gyre-verify           | TeaTest#isHot*",
                "T*Test                    | gyre-verify           | T*Test",
                "TeaTest CakeTest#isOld    | gyre-verify,gyre-core | TeaTest,CakeTest#isOld",
                "CakeTest TeaTest CakeTest | gyre-core,gyre-verify | CakeTest,TeaTest,CakeTest",
            })
    void namedTestsRunAloneWithoutTheOtherChecks(String names, String modules, String tests)
            throws Exception {
        makeTests();

        Process launched = start("echo \"$@\"", ("-P stress " + names + " -q").split(" "));

        assertThat(output(launched))
                .isEqualTo(
                        """
                        test -pl %s -am -Dtest=%s \
                        -Dsurefire.failIfNoSpecifiedTests=false -P stress -q
                        """
                                .formatted(modules, tests));
        assertHasEnded(launched, 0);
    }

    @Test
    void testsWithoutCoroutinesRunOnce() throws Exception {
        makeTests();

        Process launched = start("echo \"$@\"", "CakeTest");

        assertThat(output(launched)).contains(" -Dgyre.baton.skip=true\n");
        assertHasEnded(launched, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "TeeTest | no test 'TeeTest'; did you mean TeaTest? (see ./gyre test --help)",
                "Cup | no test 'Cup' (see ./gyre test --help)",
                "TeaTest#isHot | no test 'isHot' in TeaTest; did you mean isHotAtFirst?",
                "TeaTest#isCold* | no test 'isCold*' in TeaTest",
            })
    void whatNamesNoTestIsRefusedInOneLine(String name, String words) throws Exception {
        makeTests();

        Process launched = start("echo \"$@\"", name);

        assertThat(output(launched)).isEqualTo("gyre: " + words + "\n");
        assertHasEnded(launched, 2);
    }
}

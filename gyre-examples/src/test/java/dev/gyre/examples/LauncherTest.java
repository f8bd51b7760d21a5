package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.examples.Checkout.Ended;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The launcher `./gyre`, in a checkout that is built already, with a JDK that only tells how it
/// was called, and cannot record a cache unless told to.
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
final class LauncherTest {

    private static final String TELLING_JAVA =
            """
            #!/bin/sh
            echo "$JAVA_HOME"
            echo "$@"
            """;

    private static final String RECORDING_JAVA =
            """
            #!/bin/sh
            case $1 in
                -XX:AOTCacheOutput=*) echo "$@" >"${1#*=}" ;;
                *) echo "$@" ;;
            esac
            """;

    @TempDir private Path folder;

    /// Set before each test.
    private Checkout launcher = new Checkout(Path.of("none"));

    @BeforeEach
    void makeCheckoutAndJdk() throws IOException {
        folder = folder.toRealPath();
        Path checkout = folder.resolve("co");
        launcher = Checkout.in(checkout);
        Files.createDirectories(checkout.resolve(".mvn"));
        Files.createFile(checkout.resolve("pom.xml"));
        for (String module : new String[] {"gyre-core", "gyre-examples", "gyre-bench"}) {
            Files.createDirectories(checkout.resolve(module).resolve("src/main"));
            Files.createFile(checkout.resolve(module).resolve("pom.xml"));
        }
        for (String module : new String[] {"gyre-examples", "gyre-bench"}) {
            Path launch = checkout.resolve(module).resolve("target/launch");
            Files.createDirectories(launch);
            Files.createFile(launch.resolve(module + ".jar"));
            Files.createFile(launch.resolve("built"));
        }
        Checkout.makeJdk(folder.resolve("jdk"), TELLING_JAVA);
        // Older than any cache.
        Files.setLastModifiedTime(launched(".jar"), FileTime.fromMillis(0));
    }

    private String run(Map<String, String> environment) throws Exception {
        return run(environment, "demo", "raw-echo");
    }

    private String run(Map<String, String> environment, String... arguments) throws Exception {
        Ended ended = launcher.run(environment, arguments);
        assertThat(ended.status()).as(ended.output()).isZero();
        return ended.output();
    }

    private String called() {
        return "%s/jdk\n%s\n".formatted(folder, calledWith(""));
    }

    private String calledWith(String cacheOptions) {
        return "%s-jar %s demo raw-echo".formatted(cacheOptions, launched(".jar"));
    }

    private String calledWithCache() {
        return calledWith("-XX:AOTCache=%s -Xlog:aot*=off ".formatted(launched(".aot")));
    }

    private Path launched(String suffix) {
        return folder.resolve("co/gyre-examples/target/launch/gyre-examples" + suffix);
    }

    private void letJavaRecord() throws IOException {
        Files.writeString(folder.resolve("jdk/bin/java"), RECORDING_JAVA);
    }

    @Test
    void debugModeIsAskedForAndTold() throws Exception {
        assertThat(run(Map.of("JAVA_HOME", "jdk"), "demo", "raw-echo", "--debug"))
                .contains("gyre: debug mode: ")
                .contains(
                        "-Ddev.gyre.debug=true -jar %s demo raw-echo\n"
                                .formatted(launched(".jar")));
    }

    @Test
    void javaHomeMayBeRelative() throws Exception {
        assertThat(run(Map.of("JAVA_HOME", "jdk"))).isEqualTo(called());
    }

    /// The shell's `cd` would look for relative directories there first, and print where it went.
    @Test
    void aSearchPathForDirectoriesDoesNotMatter() throws Exception {
        Files.createDirectories(folder.resolve("elsewhere/jdk"));
        Files.createDirectories(folder.resolve("elsewhere/co"));
        String elsewhere = folder.resolve("elsewhere").toString();

        assertThat(run(Map.of("JAVA_HOME", "jdk", "CDPATH", elsewhere))).isEqualTo(called());
    }

    @Test
    void theFirstStartRecordsACacheAndAllUseIt() throws Exception {
        letJavaRecord();

        String first = run(Map.of("JAVA_HOME", "jdk"));
        String record = Files.readString(launched(".aot"));
        Files.writeString(launched(".aot"), "kept");
        String second = run(Map.of("JAVA_HOME", "jdk"));

        assertThat(record).endsWith(" -jar %s train\n".formatted(launched(".jar")));
        assertThat(List.of(first, second)).containsOnly(calledWithCache() + "\n");
        assertThat(launched(".aot")).hasContent("kept");
    }

    @Test
    void aCacheOfAnOlderJarIsRecordedAnew() throws Exception {
        letJavaRecord();
        run(Map.of("JAVA_HOME", "jdk"));
        Files.writeString(launched(".aot"), "stale");
        Files.setLastModifiedTime(launched(".aot"), FileTime.fromMillis(0));

        String output = run(Map.of("JAVA_HOME", "jdk"));

        assertThat(output).isEqualTo(calledWithCache() + "\n");
        assertThat(launched(".aot")).content().endsWith(" train\n");
    }

    @Test
    void aCacheOfAnotherJdkIsRecordedAnew() throws Exception {
        letJavaRecord();
        run(Map.of("JAVA_HOME", "jdk"));
        Files.writeString(launched(".aot"), "of the other");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");

        String output = run(Map.of("JAVA_HOME", "jdk"));

        assertThat(output).isEqualTo(calledWithCache() + "\n");
        assertThat(launched(".aot")).content().endsWith(" train\n");
    }

    @Test
    void aRecordingThatFailsIsNotTriedAgain() throws Exception {
        String first = run(Map.of("JAVA_HOME", "jdk"));
        letJavaRecord();
        String second = run(Map.of("JAVA_HOME", "jdk"));

        assertThat(first).isEqualTo(called());
        assertThat(second).isEqualTo(calledWith("") + "\n");
    }

    @Test
    void benchHandsItsArgumentsToTheBenchmarks() throws Exception {
        String output = run(Map.of("JAVA_HOME", "jdk"), "bench", "--quick");

        assertThat(output)
                .isEqualTo(
                        """
                        %1$s/jdk
                        -XX:+UseSerialGC -Xmn512m -Dgyre.bench.pages=%1$s/co/target \
                        -Dgyre.bench.launcher=%1$s/co/gyre \
                        -cp %1$s/co/gyre-bench/target/launch/gyre-bench.jar \
                        dev.gyre.bench.process.ProcessBench --quick
                        """
                                .formatted(folder));
    }

    private String tellingOf(String home, String reason) {
        return "gyre: JAVA_HOME is %s, %s; taking %s/jdk instead\n%s"
                .formatted(home, reason, folder, called());
    }

    @Test
    void aWrongJavaHomeIsNamedWithWhatIsTakenInstead() throws Exception {
        String path = folder.resolve("jdk/bin") + File.pathSeparator + System.getenv("PATH");
        Checkout.makeJdk(folder.resolve("old"), TELLING_JAVA);
        Files.writeString(folder.resolve("old/release"), "JAVA_VERSION=\"17.0.1\"\n");

        assertThat(run(Map.of("JAVA_HOME", "none", "PATH", path)))
                .isEqualTo(tellingOf("none", "which is no directory"));
        assertThat(run(Map.of("JAVA_HOME", "co", "PATH", path)))
                .isEqualTo(tellingOf("co", "which is no JDK (with javac)"));
        assertThat(run(Map.of("JAVA_HOME", "old", "PATH", path)))
                .isEqualTo(tellingOf("old", "which is a JDK 17, older than 25"));
    }

    @Test
    void helpOfACommandIsThatCommandsHelp() throws Exception {
        String help = run(Map.of(), "help", "trial");

        assertThat(help).startsWith("Usage: ./gyre trial ");
        assertThat(run(Map.of(), "trial", "--help")).isEqualTo(help);
        String general = run(Map.of(), "help");
        assertThat(launcher.run(Map.of()).output()).isEqualTo(general);
        assertThat(run(Map.of(), "help", "help")).isEqualTo(general);
        assertThat(run(Map.of(), "--help", "-h")).isEqualTo(general);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "tset | no command 'tset'; did you mean test? (see ./gyre help)",
                "frobnicate | no command 'frobnicate' (see ./gyre help)",
                "fuzz Tae | no target 'Tae' to fuzz; did you mean Tea? (see ./gyre fuzz --help)",
                "fuzz Tea Tea | Tea is named twice",
                "fuzz --tea | fuzz knows --minutes and --seconds, not '--tea'",
                "trial track | no trial 'track'; did you mean traces? (see ./gyre trial --help)",
                "trial traces memory traces | traces is named twice",
                "trial --tea | trial knows --minutes and --seconds, not '--tea'",
                "trial --seconds | --seconds needs a number from 1 to 99999, as in --seconds 10",
                "trial --minutes 1 --seconds 2 | the time is given twice: one --minutes or one"
                        + " --seconds is enough",
                "mutants leak spill leak | leak is named twice",
                "mutants lea | no fault 'lea' to plant; did you mean leak?"
                        + " (see ./gyre mutants --help)",
            })
    void whatMakesNoSenseIsRefusedInOneLine(String arguments, String words) throws Exception {
        launcher.makeTest("gyre-verify", "TeaFuzzTest", "");
        Path faults = Files.createDirectories(folder.resolve("co/gyre-verify/src/mutants"));
        Files.writeString(faults.resolve("leak.patch"), "It leaks.");
        Files.writeString(faults.resolve("spill.patch"), "It spills.");

        Ended ended = launcher.run(Map.of("JAVA_HOME", "jdk"), arguments.split(" "));

        assertThat(ended).isEqualTo(new Ended(2, "gyre: " + words + "\n"));
    }

    private void makeSimulations() throws IOException {
        launcher.makeTest("gyre-verify", "TeaTest", "    @SimTest(seeds = 9)\n    void isDrunk(");
        launcher.makeTest("gyre-examples", "CakeTest", "    @SimTest\n    void isEaten(");
        launcher.makeTest("gyre-verify", "CupTest", "    @Test\n    void isWashed(");
        // Its test stands in a nested class.
        launcher.makeTest("gyre-verify", "SampleTest", "        @SimTest\n        void isNone(");
        String maven =
                """
                for module in gyre-verify gyre-examples; do
                    echo $module.jar >$module/target/test-classpath
                done
                """;
        launcher.makeMaven(maven);
        Files.createDirectories(folder.resolve("co/gyre-verify/target"));
    }

    private List<String> simulated(String... arguments) throws Exception {
        String output = run(Map.of("JAVA_HOME", "jdk"), arguments);
        String called = output.lines().toList().getLast();
        return List.of(called.replaceFirst(".*launch.Simulating ", "").split(" "));
    }

    @Test
    void simRunsTheSimulationsOfAllModules() throws Exception {
        makeSimulations();

        assertThat(simulated("sim", "--seeds", "100000"))
                .containsExactly(
                        folder + "/co",
                        "-Dgyre.sim.seeds=100000",
                        "-Dgyre.sim.minutes=60",
                        "a.b.CakeTest",
                        "a.b.TeaTest");
    }

    @Test
    void simRunsASeedOfATestAlone() throws Exception {
        makeSimulations();

        assertThat(simulated("sim", "--seed", "0", "TeaTest.isDrunk"))
                .containsExactly(folder + "/co", "-Dgyre.sim.seed=0", "a.b.TeaTest#isDrunk");
        assertThat(simulated("sim", "CakeTest", "--minutes", "5"))
                .containsExactly(
                        folder + "/co",
                        "-Dgyre.sim.seeds=2000",
                        "-Dgyre.sim.minutes=5",
                        "a.b.CakeTest");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "NoSuchTest | no simulation 'NoSuchTest' (see ./gyre sim --help)",
                "CupTest | no simulation 'CupTest' (see ./gyre sim --help)",
                "SampleTest | no simulation 'SampleTest' (see ./gyre sim --help)",
                "TeeTest | no simulation 'TeeTest'; did you mean TeaTest? (see ./gyre sim --help)",
                "TeaTest.isEaten | no simulation 'isEaten' in TeaTest",
                "TeaTest.isDrank | no simulation 'isDrank' in TeaTest; did you mean isDrunk?",
                "--seeds 4 --seeds 4 | --seeds is given twice",
                "TeaTest CakeTest | sim runs one test or all, not 'TeaTest' and 'CakeTest'",
                "--seeds | --seeds needs a number from 1 to 1000000000, not ''",
                "--seeds 0 | --seeds needs a number from 1 to 1000000000, not '0'",
                "--seeds 9x | --seeds needs a number from 1 to 1000000000, not '9x'",
                "--minutes 361 | --minutes needs a number from 1 to 360, not '361'",
                "--seed 99999999999999999999999 | --seed needs a number from 0 to 1000000000, not"
                        + " '99999999999999999999999'",
                "--seed 4 --seeds 5 | sim runs one --seed, or many with --seeds or --minutes, not"
                        + " both",
                "--tea | sim knows --seeds, --minutes and --seed, not '--tea'",
            })
    void simRefusesInOneLineWhatMakesNoSense(String arguments, String words) throws Exception {
        makeSimulations();

        Ended ended = launcher.run(Map.of("JAVA_HOME", "jdk"), ("sim " + arguments).split(" "));

        assertThat(ended).isEqualTo(new Ended(2, "gyre: " + words + "\n"));
    }

    @Test
    void theHelpOfSimListsTheSimulations() throws Exception {
        makeSimulations();

        assertThat(run(Map.of("JAVA_HOME", "jdk"), "sim", "--help"))
                .startsWith("Usage: ./gyre sim ")
                .endsWith("\n  CakeTest\n  TeaTest\n");
    }
}

package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
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

    @BeforeEach
    void makeCheckoutAndJdk() throws IOException {
        folder = folder.toRealPath();
        Path checkout = Files.createDirectories(folder.resolve("co"));
        Files.createDirectories(checkout.resolve(".mvn"));
        Files.createFile(checkout.resolve("pom.xml"));
        Files.copy(Path.of("..", "gyre"), checkout.resolve("gyre"));
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
        makeJdk();
    }

    private void makeJdk() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        for (String tool : new String[] {"java", "javac"}) {
            Path file = Files.writeString(bin.resolve(tool), TELLING_JAVA);
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        // Older than any cache.
        Files.setLastModifiedTime(launched(".jar"), FileTime.fromMillis(0));
        Files.createFile(Files.createDirectories(folder.resolve("jdk/lib")).resolve("modules"));
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
    }

    private String run(Map<String, String> environment) throws Exception {
        return run(environment, "demo", "raw-echo");
    }

    private String run(Map<String, String> environment, String... arguments) throws Exception {
        Ended ended = ended(environment, arguments);
        assertThat(ended.status()).as(ended.output()).isZero();
        return ended.output();
    }

    private record Ended(int status, String output) {}

    private Ended ended(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "co/gyre"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process launcher = builder.start();
        String output =
                new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(launcher.waitFor(), output);
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

    private void makeSimulations() throws IOException {
        makeTest("gyre-verify", "TeaTest", "    @SimTest(seeds = 9)\n    void isDrunk(");
        makeTest("gyre-examples", "CakeTest", "    @SimTest\n    void isEaten(");
        makeTest("gyre-verify", "CupTest", "    @Test\n    void isWashed(");
        // Its test stands in a nested class.
        makeTest("gyre-verify", "SampleTest", "        @SimTest\n        void isNone(");
        String maven =
                """
                #!/bin/sh
                for module in gyre-verify gyre-examples; do
                    echo $module.jar >$module/target/test-classpath
                done
                """;
        Path wrapper = Files.writeString(folder.resolve("co/mvnw"), maven);
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();
        Files.createDirectories(folder.resolve("co/gyre-verify/target"));
    }

    private void makeTest(String module, String name, String text) throws IOException {
        Path tests = folder.resolve("co").resolve(module).resolve("src/test/java/a/b");
        Files.writeString(Files.createDirectories(tests).resolve(name + ".java"), text);
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
                "NoSuchTest | there is no simulation 'NoSuchTest'; ./gyre sim --help lists them",
                "CupTest | there is no simulation 'CupTest'; ./gyre sim --help lists them",
                "SampleTest | there is no simulation 'SampleTest'; ./gyre sim --help lists them",
                "TeaTest.isEaten | there is no simulation 'isEaten' in TeaTest",
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

        Ended ended = ended(Map.of("JAVA_HOME", "jdk"), ("sim " + arguments).split(" "));

        assertThat(ended).isEqualTo(new Ended(2, "gyre: " + words + "\n"));
    }

    @Test
    void theHelpOfSimListsTheSimulations() throws Exception {
        makeSimulations();

        assertThat(run(Map.of("JAVA_HOME", "jdk"), "sim", "--help"))
                .startsWith("usage: ./gyre sim ")
                .endsWith("\n  CakeTest\n  TeaTest\n");
    }
}

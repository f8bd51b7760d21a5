package dev.gyre.verify.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.gyre.loop.IOLoop;
import dev.gyre.testing.GyreTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;

/// Does what README and docs/first-steps.md tell their reader to do first: the programs are those
/// of the page, and so are the commands. Only the port is another, one that is free.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are those of a UNIX shell")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // Reading a pipe has no time-out.
final class FirstStepsTest {

    private static final Pattern PROGRAM =
            Pattern.compile("```java\n// (\\w+\\.java)\n(.*?)```", Pattern.DOTALL);

    private static final Pattern FRAGMENT =
            Pattern.compile("```java\n(Runtime\\..*?)```", Pattern.DOTALL);

    private static final String PORT = "8888";

    @TempDir Path folder;

    /// The text of both pages.
    private String page = "";

    @BeforeEach
    void writePrograms() throws IOException {
        page =
                Files.readString(root().resolve("README.md"))
                        + Files.readString(root().resolve("docs/first-steps.md"));
        List<MatchResult> programs = PROGRAM.matcher(page).results().toList();
        assertThat(programs)
                .extracting(program -> program.group(1))
                .containsExactly(
                        "Echo.java", "SumServer.java", "SumClient.java", "SumServerTest.java");
        for (MatchResult program : programs) {
            write(program.group(1), program.group(2).replace("listen(" + PORT, "listen(0"));
        }
    }

    @Test
    void theServerAnswersTheClientAndEndsWell() throws Exception {
        run(command("javac", "SumServer.java"));
        Process server = start(command("java", "SumServer"));
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            String listening = out.readLine();
            assertThat(listening).startsWith("listening on /");
            String port = Integer.toString(port(listening));
            write(
                    "SumClient.java",
                    Files.readString(folder.resolve("SumClient.java")).replace(PORT, port));
            run(command("javac", "SumClient.java"));

            String answers = run(command("java", "SumClient"));
            server.toHandle().destroy();

            assertThat(answers).isEqualTo(shownAfter(command("java", "SumClient")));
            assertThat(out.readLine()).isEqualTo("closed");
            assertThat(out.readLine()).isNull();
            assertThat(server.waitFor(GyreTest.SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isZero();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void theServerOfTheReadmeEchoes() throws Exception {
        write(
                "Echo.java",
                Files.readString(folder.resolve("Echo.java"))
                        .replace("(8889)", "(0).addresses().forEach(System.out::println)"));
        Process server = start(command("java", "Echo"));
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
                Socket client = new Socket("localhost", port(out.readLine()))) {
            client.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));

            assertThat(client.getInputStream().readNBytes(6)).asString().isEqualTo("hello\n");
        } finally {
            server.destroyForcibly();
        }
    }

    /// Returns the number at the end of the line that tells where a server listens.
    private static int port(String line) {
        return Integer.parseInt(line.replaceAll(".*\\D", ""));
    }

    @Test
    void theTestPasses() throws Exception {
        compile("SumServer.java", "SumServerTest.java");
        URL[] classes = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(loader.loadClass("SumServerTest")))
                    .execute()
                    .testEvents()
                    .assertStatistics(statistics -> statistics.started(1).succeeded(1));
        }
    }

    /// That it works is shown by `ShutdownHookTest`.
    @Test
    void theHookIsAProgramToo() throws Exception {
        List<String> hooks = FRAGMENT.matcher(page).results().map(found -> found.group(1)).toList();
        assertThat(hooks).hasSize(1);
        write(
                "Hook.java",
                """
                import dev.gyre.loop.IOLoop;
                import dev.gyre.net.TcpServer;
                import java.time.Duration;
                import java.util.concurrent.TimeUnit;

                class Hook {
                    static void add(IOLoop loop, TcpServer server) {
                        %s
                    }
                }
                """
                        .formatted(hooks.getFirst()));

        compile("Hook.java");
    }

    /// Compiles files with all warnings as errors.
    private void compile(String... files) {
        String[] options = {"-Xlint:all,-processing", "-Werror", "-d", folder.toString()};
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
        List.of(files).forEach(file -> arguments.add(folder.resolve(file).toString()));
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(System.out, System.out, arguments.toArray(String[]::new));
        assertThat(status).isZero();
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
    }

    /// Returns the command of the page that begins with `program`, and is about `what`.
    private String command(String program, String what) {
        return page.lines()
                .filter(line -> line.startsWith("$ " + program + " ") && line.contains(" " + what))
                .map(line -> line.substring(2))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + program + " of " + what));
    }

    /// Returns what the page shows after a command.
    private String shownAfter(String command) {
        String after = page.substring(page.indexOf(command) + command.length() + 1);
        return after.substring(0, after.indexOf("```"));
    }

    private Process start(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec " + command);
        String tools = Path.of(System.getProperty("java.home"), "bin").toString();
        builder.environment().merge("PATH", tools, (path, first) -> first + ":" + path);
        builder.environment().put("GYRE", core().toString());
        return builder.directory(folder.toFile()).redirectErrorStream(true).start();
    }

    private static Path core() throws Exception {
        URL location = IOLoop.class.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(location.toURI());
    }

    /// Returns the output of a command that ends by itself, and well.
    private String run(String command) throws Exception {
        Process process = start(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /// Returns the project's folder; the tests run in a module's, or there.
    private static Path root() {
        return Files.exists(Path.of("docs/testing.md")) ? Path.of("") : Path.of("..");
    }
}

package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.testing.GyreTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of the tests in a JVM of its own, which has the mechanism of coroutines of this one,
/// and can be sent signals. What it prints, to whichever stream, is read line by line.
final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /// @param arguments those of the JVM, which begin with `-`, and those of the program
    static ChildJvm start(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        command.add(
                "-Ddev.gyre.coroutines=" + System.getProperty("dev.gyre.coroutines", "carrier"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        List<String> rest = new ArrayList<>(List.of(arguments));
        rest.removeIf(argument -> argument.startsWith("-") && command.add(argument));
        command.add(program.getName());
        command.addAll(rest);
        return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /// Returns the next line; null if the program has ended.
    String nextLine() throws IOException {
        return output.readLine();
    }

    /// Returns the lines to the end of the program.
    List<String> lines() {
        return output.lines().toList();
    }

    void terminate() {
        process.toHandle().destroy();
    }

    int exitStatus() throws InterruptedException {
        assertThat(process.waitFor(GyreTest.SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }
}

package dev.gyre.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A demo in a JVM of its own.
final class GyreProcess implements AutoCloseable {

    /// The flag for the carrier, as the manifest of the runnable jar has it.
    static final String CARRIER = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    /// The flag for the baton. Without either flag the demo would say a word about it on standard
    /// error.
    static final String BATON = "-Ddev.gyre.coroutines=baton";

    /// A safety net for a hanging test; no test depends on it.
    private static final int SECONDS_MAX = 60;

    /// A pipe of Linux has room for 16 pages, and a print of more than one page may begin a new
    /// one.
    private static final int PIPE_BYTES = 8 * 4096;

    private final Process process;
    private final BufferedReader out;
    private final BufferedReader err;

    private GyreProcess(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.err = process.errorReader(StandardCharsets.UTF_8);
    }

    static GyreProcess start(String... arguments) throws IOException {
        return start(List.of(CARRIER), Redirect.PIPE, arguments);
    }

    static GyreProcess start(List<String> jvmOptions, Redirect output, String... arguments)
            throws IOException {
        List<String> command = command(jvmOptions, arguments);
        return new GyreProcess(new ProcessBuilder(command).redirectOutput(output).start());
    }

    /// Starts a demo that may have so many descriptors open, and whose output is thrown away.
    static GyreProcess startLimited(int descriptors, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        // The shell lowers its own limit and becomes the demo.
        command.addAll(List.of("sh", "-c", "ulimit -n " + descriptors + "; exec \"$@\"", "sh"));
        command.addAll(command(List.of(CARRIER), arguments));
        return new GyreProcess(
                new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).start());
    }

    private static List<String> command(List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Gyre.class.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /// Reads the line that tells where the demo listens, and returns the address.
    InetSocketAddress listening(String demo) throws IOException {
        String line = err.readLine();
        String prefix = demo + " listens on 127.0.0.1:";
        if (line == null || !line.startsWith(prefix)) {
            throw new AssertionError("first line on standard error: " + line);
        }
        int port = Integer.parseInt(line.substring(prefix.length()));
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    String nextLine() throws IOException {
        return out.readLine();
    }

    String nextErrorLine() throws IOException {
        return err.readLine();
    }

    /// Returns when the pipe that nobody reads is full, or is about to be if more is printed.
    void awaitFullOutput() throws IOException {
        while (process.getInputStream().available() < PIPE_BYTES) {
            Thread.onSpinWait();
        }
    }

    void closeOutput() throws IOException {
        out.close();
    }

    List<String> outputLines() {
        return out.lines().toList();
    }

    List<String> errorLines() {
        return err.lines().toList();
    }

    /// Sends a signal, as in `INT`. Each shell has a `kill` of its own, not each machine a program.
    void signal(String name) throws Exception {
        String command = "kill -%s %d".formatted(name, process.pid());
        Process kill = new ProcessBuilder("sh", "-c", command).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("kill failed");
        }
    }

    int exitStatus() throws InterruptedException {
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        out.close();
        err.close();
    }
}

package dev.gyre.bench.process;

import dev.gyre.bench.peers.Announcement;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A server in a process of its own. Closing it ends the process, and so does the end of this JVM.
public final class ServerProcess implements AutoCloseable {

    private static final int START_SECONDS_MAX = 30;
    private static final int END_SECONDS_MAX = 3;
    private static final int LINES_KEPT_MAX = 20;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final Process process;
    private final CpuClock clock;
    private final CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();

    /// The last lines of the server, for the message if it fails. Guarded by itself.
    private final Deque<String> lastLines = new ArrayDeque<>();

    /// Is told each line that the server prints, on a thread of its own.
    private final Consumer<String> onLine;

    private final Thread drain;

    private ServerProcess(Process process, Consumer<String> onLine) {
        this.process = process;
        this.onLine = onLine;
        this.clock = new CpuClock(process.toHandle());
        this.drain = Thread.ofPlatform().daemon().name("output of a server").unstarted(this::drain);
    }

    /// Starts a server and waits until it says where it listens.
    static ServerProcess start(List<String> command) throws IOException {
        return start(command, line -> {});
    }

    /// Starts a server and waits until it says where it listens.
    ///
    /// @param onLine is told each line that it prints, on a thread of its own
    public static ServerProcess start(List<String> command, Consumer<String> onLine)
            throws IOException {
        Process process = Children.start(new ProcessBuilder(command).redirectErrorStream(true));
        ServerProcess server = new ServerProcess(process, onLine);
        server.drain.start();
        try {
            server.address.get(START_SECONDS_MAX, TimeUnit.SECONDS);
            return server;
        } catch (ExecutionException | TimeoutException e) {
            server.close();
            throw new IOException("the server did not start: " + server.lastWords(), e);
        } catch (InterruptedException e) {
            server.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the server started", e);
        }
    }

    private void drain() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keep(line);
                onLine.accept(line);
                InetSocketAddress found = Announcement.parse(line);
                if (found != null) {
                    address.complete(found);
                }
            }
        } catch (IOException e) {
            keep("its output could not be read: " + e);
        }
        address.completeExceptionally(new IOException("it ended"));
    }

    private void keep(String line) {
        synchronized (lastLines) {
            lastLines.addLast(line);
            if (lastLines.size() > LINES_KEPT_MAX) {
                lastLines.removeFirst();
            }
        }
    }

    /// Returns the last lines that it printed, in one.
    public String lastWords() {
        synchronized (lastLines) {
            return lastLines.isEmpty() ? "it printed nothing" : String.join(" / ", lastLines);
        }
    }

    public InetSocketAddress address() {
        return address.join();
    }

    long pid() {
        return process.pid();
    }

    /// Returns whether it runs on a JVM, as the process says that the command has become.
    boolean isJvm() {
        return process.info().command().orElse("").endsWith("java");
    }

    /// Returns the CPU time that it has used so far, in nanoseconds.
    long cpuNanos() throws IOException {
        return clock.nanos();
    }

    /// Returns its resident memory in bytes; 0 where the system does not tell.
    public long residentBytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        Matcher match = RESIDENT.matcher(Files.readString(status));
        return match.find() ? Long.parseLong(match.group(1)) * 1024 : 0;
    }

    /// Writes a line to its standard input.
    public void tell(String line) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
    }

    /// Returns how many descriptors it has open; 0 where the system does not tell.
    public long descriptors() throws IOException {
        return descriptors("");
    }

    /// Returns how many sockets it has open; 0 where the system does not tell.
    public long sockets() throws IOException {
        return descriptors("socket:");
    }

    private long descriptors(String kind) throws IOException {
        Path directory = Path.of("/proc", Long.toString(pid()), "fd");
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        try (Stream<Path> descriptors = Files.list(directory)) {
            return descriptors.filter(each -> isOf(kind, each)).count();
        }
    }

    private static boolean isOf(String kind, Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith(kind);
        } catch (IOException e) {
            // The descriptor was closed since the directory was read.
            return false;
        }
    }

    @Override
    public void close() {
        // Process.destroy would close the output of the server before it was read.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            // The wait is bounded: children of the server may still hold its output.
            drain.join(Duration.ofSeconds(1));
            process.destroy();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            Children.ended(process);
        }
    }
}

package dev.gyre.bench.soak;

import dev.gyre.bench.process.ServerProcess;
import dev.gyre.bench.process.Tools;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The chat demo in a process of its own, with the flags that `./gyre demo chat` gives it and a
/// heap of fixed size. Closing it ends the process. Any thread.
final class ChatProcess implements AutoCloseable {

    private static final int ANSWER_SECONDS_MAX = 30;
    private static final int STRANGE_LINES_MAX = 20;

    /// How the lines begin that the demo prints when all is well.
    private static final List<String> FAMILIAR =
            List.of(
                    "User said: ",
                    "New connection : ",
                    "A new user has entered the chat room. ",
                    "connection num is: ",
                    "A user has left the chat room. ",
                    "Server start ......",
                    "chat listens on ");

    private final BlockingQueue<Vitals> answers = new LinkedBlockingQueue<>();
    private final List<String> strangeLines = new ArrayList<>();

    /// How many entered and how many left. These three are guarded by this.
    private long entered;

    private long left;

    /// Null until the process has been started.
    private @Nullable ServerProcess process;

    private ChatProcess() {}

    /// Starts the demo and waits until it listens.
    ///
    /// @param flags what its JVM is given besides what it always is
    static ChatProcess start(List<String> flags) throws IOException {
        ChatProcess chat = new ChatProcess();
        chat.process = ServerProcess.start(command(flags), chat::listen);
        return chat;
    }

    private static List<String> command(List<String> flags) {
        List<String> command = new ArrayList<>();
        // The interrupt of a terminal goes to this process too, and the demo is to serve to the
        // end: a shell that ignores the signal bequeaths that to what it becomes.
        command.addAll(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        command.add(Tools.ofJdk("java"));
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        // Whatever else takes memory is seen only if the heap stays.
        command.addAll(List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Observed.class.getName());
        command.addAll(List.of("demo", "chat", "--host", "127.0.0.1", "--port", "0"));
        return command;
    }

    private void listen(String line) {
        Vitals vitals = Vitals.parse(line);
        if (vitals != null) {
            answers.add(vitals);
            return;
        }
        synchronized (this) {
            if (line.startsWith("A new user")) {
                entered++;
            } else if (line.startsWith("A user has left")) {
                left++;
            } else if (FAMILIAR.stream().noneMatch(line::startsWith)
                    && strangeLines.size() < STRANGE_LINES_MAX) {
                strangeLines.add(line);
            }
        }
    }

    private ServerProcess process() {
        if (process == null) {
            throw new IllegalStateException("the process has not been started");
        }
        return process;
    }

    InetSocketAddress address() {
        return process().address();
    }

    /// Returns the first few lines that a demo without faults does not print.
    synchronized List<String> strangeLines() {
        return List.copyOf(strangeLines);
    }

    synchronized long entered() {
        return entered;
    }

    synchronized long left() {
        return left;
    }

    /// Returns how many sockets the process has open.
    long sockets() throws IOException {
        return process().sockets();
    }

    /// Looks at the process. Takes as long as a full collection in it.
    Look.Server look() throws IOException {
        process().tell("how are you?");
        try {
            Vitals vitals = answers.poll(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            if (vitals == null) {
                throw new IOException("the server does not answer: " + process().lastWords());
            }
            return new Look.Server(vitals, process().residentBytes(), process().descriptors());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the server was looked at", e);
        }
    }

    @Override
    public void close() {
        process().close();
    }
}

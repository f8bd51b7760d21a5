package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine;

/// A coroutine that blocks in the JDK, and another one, of the same loop, that ticks.
///
/// Where coroutines run on the loop's own thread, most blocking calls suspend the coroutine that
/// makes them and nothing else. Files are the exception, and `runInExecutor` the cure.
final class BlockingIsFine {

    private static final Duration TICK = Duration.ofMillis(50);

    /// How long each call blocks. One that is over before the next tick would hold up nothing that
    /// can be seen.
    static final Setting<Duration> SECONDS =
            Setting.seconds(
                    "--seconds",
                    "How long each call blocks, 0.1 or more, with a fraction if need be.",
                    Duration.ofSeconds(2),
                    TICK.plus(TICK));

    private final IOLoop loop = IOLoop.current();
    private final Mechanism mechanism = Mechanism.current();
    private final Ticker ticker = new Ticker(loop, TICK);
    private final PrintStream out;
    private final Duration pause;

    /// Makes the demo, within the task that will run it.
    ///
    /// @param pause how long each call blocks
    BlockingIsFine(PrintStream out, Duration pause) {
        this.out = out;
        this.pause = pause;
    }

    int run() {
        out.printf(
                "One coroutine makes calls that block for %s s, another ticks every %d ms.%n",
                Setting.plainSeconds(pause), TICK.toMillis());
        out.println("Coroutines: " + mechanism.explanation());
        out.println();
        out.printf("%-32s%10s   %s%n", "call", "took", "longest gap between ticks");
        return TaskScope.call(scope -> {
            Task<?> ticking = scope.spawn("ticker", ticker::run);
            callsThatMayBlock();
            callThatMustNot();
            ticking.cancel();
            return CommandLine.ExitCode.OK;
        });
    }

    private void callsThatMayBlock() throws Exception {
        try (SlowServer server = SlowServer.start(pause)) {
            measure("Socket, InputStream.read", () -> readSocket(server));
            measure("HttpURLConnection", () -> readPage(server));
            measure("BlockingQueue.take", () -> takeFromQueue(server));
            measure("CompletableFuture.get", () -> getFuture(server));
        }
        out.println();
        if (mechanism.kind() == Mechanism.Kind.CARRIER) {
            out.println("None of them held up the loop: each suspended its coroutine alone.");
        } else {
            out.println(
                    "The gaps are as long as the calls: here, a coroutine that blocks holds up");
            out.println("its whole loop. To have it suspend itself alone,");
            out.println(mechanism.cure() + ".");
        }
        out.println();
    }

    private static int readSocket(SlowServer server) throws IOException {
        try (Socket socket = server.request()) {
            return socket.getInputStream().read();
        }
    }

    private static byte[] readPage(SlowServer server) throws IOException {
        try (InputStream page = server.page().toURL().openStream()) {
            return page.readAllBytes();
        }
    }

    private static int takeFromQueue(SlowServer server) throws InterruptedException {
        BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().start(() -> answers.add(readSocketUnchecked(server)));
        return answers.take();
    }

    private static int getFuture(SlowServer server) throws Exception {
        return CompletableFuture.supplyAsync(() -> readSocketUnchecked(server)).get();
    }

    private static int readSocketUnchecked(SlowServer server) {
        try {
            return readSocket(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void callThatMustNot() throws Exception {
        try (SlowFile file = SlowFile.create()) {
            readOnLoopAndElsewhere(file);
        } catch (SlowFile.NotHereException e) {
            out.println("The file that is slow to come is left out: " + e.getMessage());
        }
    }

    private void readOnLoopAndElsewhere(SlowFile file) throws Exception {
        Duration limit = pause.dividedBy(2);
        out.println("A file knows no way to wait but to block its thread, and with it the loop.");
        out.printf(
                "The watchdog, loop.watch(%s s), shows the coroutine that reads one:%n",
                Setting.plainSeconds(limit));
        out.println();
        loop.watch(limit);
        measure("Files.readString", () -> readSlowFile(file));
        out.println();
        out.println("The cure, under both mechanisms, is to read it on another thread:");
        out.println();
        measure("loop.runInExecutor", () -> loop.runInExecutor(() -> readSlowFile(file)).await());
        loop.watch(Duration.ZERO);
    }

    private String readSlowFile(SlowFile file) throws IOException {
        file.fillAfter(pause);
        return Files.readString(file.path());
    }

    /// Makes a call and prints how long it took, and the longest gap between ticks meanwhile.
    private void measure(String kind, Callable<?> call) throws Exception {
        // After a call that held it up, the loop has to catch up first: with the ticker, and with
        // Ctrl-C if it was pressed.
        Task.sleep(TICK);
        ticker.forget();
        long startNanos = loop.time();
        call.call();
        Duration took = Duration.ofNanos(loop.time() - startNanos);
        out.printf(
                Locale.ROOT,
                "%-32s%7d ms   %6d ms%n",
                kind,
                took.toMillis(),
                ticker.longestGap().toMillis());
    }
}

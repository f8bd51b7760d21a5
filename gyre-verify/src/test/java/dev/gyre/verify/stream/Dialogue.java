package dev.gyre.verify.stream;

import dev.gyre.loop.Body;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/// A connection between two streams of a test's loop, which runs while the test waits for what they
/// do.
final class Dialogue implements AutoCloseable {

    private final TestLoop test;
    private final Ends ends;

    Dialogue(TestLoop test, Wire wire) throws IOException {
        this(test, wire, StreamOptions.defaults());
    }

    Dialogue(TestLoop test, Wire wire, StreamOptions near) throws IOException {
        this(test, wire, near, StreamOptions.defaults());
    }

    Dialogue(TestLoop test, Wire wire, StreamOptions near, StreamOptions far) throws IOException {
        this(test, wire.connect(test.loop(), near, far));
    }

    Dialogue(TestLoop test, Ends ends) {
        this.test = test;
        this.ends = ends;
    }

    IOLoop loop() {
        return test.loop();
    }

    IOStream near() {
        return ends.near();
    }

    IOStream far() {
        return ends.far();
    }

    /// Runs the loop until the condition holds.
    void until(BooleanSupplier condition) {
        test.runUntil(condition);
    }

    /// Runs the loop until the future is done, and returns its value or throws its failure.
    <T> T get(LoopFuture<T> future) {
        until(future::isDone);
        return run(() -> future.await());
    }

    /// Runs the loop until the future is done, and returns its value as text.
    String text(LoopFuture<byte[]> future) {
        return text(get(future));
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Runs the loop until the future has failed, and returns the failure.
    Throwable failure(LoopFuture<?> future) {
        until(future::isDone);
        return future.exceptionNow();
    }

    /// Runs a task to its end, and returns its value or throws its failure.
    <T> T run(Callable<T> body) {
        Task<T> task = test.loop().spawn("test", body);
        until(task::isDone);
        if (task.state() == Future.State.FAILED) {
            sneakyThrow(task.exceptionNow());
        }
        return task.resultNow();
    }

    /// Runs a task without a result to its end, or throws its failure.
    void run(Body body) {
        run(() -> {
            body.run();
            return null;
        });
    }

    @SuppressWarnings("unchecked") // The cast does nothing, and that is what it is for.
    private static <E extends Throwable> void sneakyThrow(Throwable failure) throws E {
        throw (E) failure;
    }

    /// Lets the far end send, and runs the loop until the near one, which must want to read, has
    /// it.
    void arrives(String text) {
        arrives(bytes(text));
    }

    void arrives(byte[] bytes) {
        long expected = near().bytesIn() + bytes.length;
        far().write(bytes);
        until(() -> near().bytesIn() == expected);
    }

    /// Lets the far end close, and runs the loop until the near one has noticed.
    void peerCloses() {
        far().close();
        until(() -> !near().isOpen());
    }

    /// Runs a few turns, in which nothing may happen.
    void idle() {
        for (int turn = 0; turn < 3; turn++) {
            LoopFuture<Boolean> passed = new LoopFuture<>(loop());
            loop().addCallback(() -> passed.complete(true));
            until(passed::isDone);
        }
    }

    @Override
    public void close() {
        ends.close();
    }
}

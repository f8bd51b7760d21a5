package dev.gyre.verify.task;

import dev.gyre.loop.IOLoop;
import java.util.concurrent.CompletableFuture;

/// A thread that runs a loop, for tests in which it really waits.
final class RunningLoop implements AutoCloseable {

    private final IOLoop loop;

    /// Null until started.
    private Thread thread;

    RunningLoop(IOLoop loop) {
        this.loop = loop;
    }

    /// Starts the loop, and returns when it runs.
    void start() {
        CompletableFuture<String> runs = new CompletableFuture<>();
        loop.addCallback(() -> runs.complete("runs"));
        thread = Thread.ofPlatform().start(loop::start);
        runs.join();
    }

    /// Stops the loop, waits for its end, and closes it; nothing the second time.
    @Override
    public void close() {
        if (thread != null) {
            loop.stop();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError("the test's time is up", e);
            }
            thread = null;
        }
        loop.close();
    }
}

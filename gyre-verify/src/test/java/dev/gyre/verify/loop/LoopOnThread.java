package dev.gyre.verify.loop;

import dev.gyre.loop.IOLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// A thread that runs a loop, for tests that look at it from outside.
final class LoopOnThread implements AutoCloseable {

    private static final int SECONDS_MAX = 20;

    private final IOLoop loop;
    private final FutureTask<Void> run;
    private final Thread thread;

    private LoopOnThread(IOLoop loop) {
        this.loop = loop;
        this.run = new FutureTask<>(loop::start, null);
        this.thread = new Thread(run, "before");
    }

    /// Starts the loop, and returns when it runs.
    static LoopOnThread start(IOLoop loop) throws InterruptedException {
        LoopOnThread started = new LoopOnThread(loop);
        CountDownLatch running = new CountDownLatch(1);
        loop.addCallback(running::countDown);
        started.thread.start();
        await(running);
        return started;
    }

    Thread thread() {
        return thread;
    }

    /// Waits for `latch`, but not for ever.
    static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing happened within " + SECONDS_MAX + " s");
        }
    }

    /// Runs `code` on the loop and waits until it has run.
    void run(Runnable code) throws Exception {
        FutureTask<Void> task = new FutureTask<>(code, null);
        loop.addCallback(task::run);
        task.get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    /// Waits until the loop's start has returned, and throws what it threw.
    void join() throws Exception {
        run.get(SECONDS_MAX, TimeUnit.SECONDS);
        thread.join();
    }

    /// Stops the loop, waits for its end and closes it.
    @Override
    public void close() {
        loop.stop();
        try {
            join();
        } catch (Exception e) {
            throw new AssertionError(loop + " did not end well", e);
        }
        loop.close();
    }
}

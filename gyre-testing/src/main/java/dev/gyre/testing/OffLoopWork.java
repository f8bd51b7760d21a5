package dev.gyre.testing;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// The executor of a [TestLoop], which knows how many jobs are not done yet.
final class OffLoopWork implements Executor {

    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("gyre-test-worker-", 1).factory());

    /// How many jobs were accepted and are not done. A job queues its callbacks on the loop before
    /// the count goes down, so code that reads 0 here finds all of them queued.
    private final AtomicInteger outstanding = new AtomicInteger();

    private final Runnable onJobDone;

    /// @param onJobDone called on the job's thread, when the job is no longer counted
    OffLoopWork(Runnable onJobDone) {
        this.onJobDone = onJobDone;
    }

    @Override
    public void execute(Runnable job) {
        outstanding.incrementAndGet();
        try {
            threads.execute(() -> runCounted(job));
        } catch (Throwable e) {
            outstanding.decrementAndGet();
            throw e;
        }
    }

    private void runCounted(Runnable job) {
        try {
            job.run();
        } finally {
            outstanding.decrementAndGet();
            onJobDone.run();
        }
    }

    int outstanding() {
        return outstanding.get();
    }

    /// Interrupts the jobs that still run.
    void close() {
        threads.shutdownNow();
    }
}

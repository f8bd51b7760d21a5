package dev.gyre.testing;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// The executor of a [TestLoop]: it knows how many jobs are not done yet.
final class OffLoopWork implements Executor {

    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("gyre-test-worker-", 1).factory());

    /// Jobs accepted and not done. A job's callbacks on the loop happen before its count goes down,
    /// so who reads 0 here finds all of them queued.
    private final AtomicInteger outstanding = new AtomicInteger();

    private final Runnable onJobDone;

    /// @param onJobDone called on the job's thread, after it is no longer counted
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

    /// Interrupts what still runs.
    void close() {
        threads.shutdownNow();
    }
}

package dev.gyre.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The process-wide pool for what blocks: files, name lookups, the streams of processes.
///
/// The pool has platform threads, because just these calls hold on to the carrier of a virtual
/// thread, and because a virtual thread that is started by a coroutine inherits its scheduler.
final class Workers {

    /// How many blocking calls run at once: as many as a disk or a resolver can use. More of them
    /// wait their turn.
    private static final int THREADS_MAX = 64;

    private static final long IDLE_SECONDS = 10;

    private static final ThreadPoolExecutor SHARED = newPool();

    private Workers() {}

    static Executor shared() {
        return SHARED;
    }

    private static ThreadPoolExecutor newPool() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        THREADS_MAX,
                        THREADS_MAX,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        job ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name("gyre-worker-" + number.incrementAndGet())
                                        .unstarted(job));
        // Core threads of the pool may end too when they are idle, so an idle process keeps none.
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}

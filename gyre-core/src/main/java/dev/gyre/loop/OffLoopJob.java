package dev.gyre.loop;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A call that blocks, on its way through an executor and back to the loop.
final class OffLoopJob<T extends @Nullable Object> implements Runnable {

    private final IOLoop loop;
    private final Callable<? extends T> call;
    private final LoopFuture<T> future;

    /// Whether the job was cancelled. Written by the loop's thread, read once by the executor's: a
    /// job that was cancelled while it waited for a thread is not begun.
    private volatile boolean cancelled;

    OffLoopJob(IOLoop loop, Callable<? extends T> call) {
        this.loop = loop;
        this.call = call;
        this.future = new LoopFuture<>(loop, new Operation(name(call), () -> cancelled = true));
    }

    /// Returns the name of the call's class, which tells whose call it is, also of a lambda.
    private static String name(Callable<?> call) {
        return "runInExecutor(" + call.getClass().getName() + ")";
    }

    LoopFuture<T> future() {
        return future;
    }

    @Override
    public void run() {
        if (cancelled) {
            return;
        }
        try {
            T value = call.call();
            loop.thread().enqueue(new BareStep(() -> future.complete(value)));
        } catch (Throwable failure) {
            // Whatever the call has thrown belongs to the one who waits for its result, and not to
            // the executor's thread.
            loop.thread().enqueue(new BareStep(() -> future.failOrCancel(failure)));
        }
    }
}

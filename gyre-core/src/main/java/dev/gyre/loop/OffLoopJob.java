package dev.gyre.loop;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A call that blocks, on its way through an executor and back to the loop.
final class OffLoopJob<T extends @Nullable Object> implements Runnable {

    private final IOLoop loop;

    /// A [Callable] of a T, or a [Body] if T is [Void].
    private final Object call;

    private final LoopFuture<T> future;

    /// Whether the job was cancelled. Written by the loop's thread, read once by the executor's: a
    /// job that was cancelled while it waited for a thread is not begun.
    private volatile boolean cancelled;

    /// @param call a [Callable] of a T, or a [Body] if T is [Void]
    OffLoopJob(IOLoop loop, Object call) {
        this.loop = loop;
        this.call = Objects.requireNonNull(call, "call");
        this.future = new LoopFuture<>(loop, new Operation(name(call), () -> cancelled = true));
    }

    /// Returns the name of the call's class, which tells whose call it is, also of a lambda.
    private static String name(Object call) {
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
            T value = called();
            loop.thread().enqueue(new BareStep(() -> future.complete(value)));
        } catch (Throwable failure) {
            // Whatever the call has thrown belongs to the one who waits for its result, and not to
            // the executor's thread.
            loop.thread().enqueue(new BareStep(() -> future.failOrCancel(failure)));
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // As the constructor has it.
    private T called() throws Exception {
        if (call instanceof Body withoutResult) {
            withoutResult.run();
            return null;
        }
        return ((Callable<? extends T>) call).call();
    }
}

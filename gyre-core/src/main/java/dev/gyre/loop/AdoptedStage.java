package dev.gyre.loop;

import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The result of somebody else's asynchronous work, on its way to a loop.
final class AdoptedStage<T extends @Nullable Object> {

    private final CompletionStage<T> stage;
    private final LoopFuture<T> future;

    AdoptedStage(IOLoop loop, CompletionStage<T> stage) {
        this.stage = stage;
        // The stage is cancelled in a later step, since user code that hangs on the stage runs
        // inside its `cancel`.
        Runnable stop = () -> loop.addCallback(this::cancel);
        this.future = new LoopFuture<>(loop, new Operation("IOLoop.adopt", stop));
        stage.whenComplete((value, failure) -> {
            // The cause is asked for here, on the thread of the stage, since what a failure says of
            // its cause may be user code.
            Throwable cause = failure == null ? null : unwrapped(failure);
            loop.thread().enqueue(new BareStep(() -> settle(value, cause)));
        });
    }

    LoopFuture<T> future() {
        return future;
    }

    private void cancel() {
        try {
            if (stage instanceof Future<?> cancellable) {
                cancellable.cancel(true);
            }
        } catch (UnsupportedOperationException e) {
            // A stage from `CompletableFuture.minimalCompletionStage` is a Future in name only, and
            // throws.
            Logs.GENERAL.log(Level.DEBUG, "a stage cannot be cancelled", e);
        }
    }

    private void settle(T value, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.failOrCancel(failure);
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        if (!(failure instanceof CompletionException)) {
            return failure;
        }
        try {
            Throwable cause = failure.getCause();
            return cause == null ? failure : cause;
        } catch (Throwable e) {
            return failure;
        }
    }
}

package dev.gyre.loop;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A task on its way from a foreign thread to its loop, and its result on the way back.
final class Submission<T extends @Nullable Object> extends Step {

    private final IOLoop loop;
    private final Callable<? extends T> body;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    Submission(IOLoop loop, Callable<? extends T> body) {
        super(loop.contextForLater());
        this.loop = loop;
        this.body = Objects.requireNonNull(body, "body");
    }

    CompletableFuture<T> result() {
        return result;
    }

    @Override
    boolean isBare() {
        return true;
    }

    @Override
    void run() {
        if (result.isCancelled()) {
            return;
        }
        try {
            Task<T> task = loop.spawn(body);
            task.addWaiter(new Delivery(task));
            result.whenComplete((value, failure) -> cancelled(task)).isDone();
        } catch (IllegalStateException e) {
            // The loop is closing.
            result.completeExceptionally(e);
        }
    }

    private void cancelled(Task<T> task) {
        if (result.isCancelled()) {
            loop.addCallback(task::cancel);
        }
    }

    @Override
    void dropped() {
        result.completeExceptionally(
                new IllegalStateException(loop + " was closed before the task had begun"));
    }

    /// The result on its way out, which it finds also when the loop is closed meanwhile.
    private final class Delivery extends Step {

        private final Task<T> task;

        Delivery(Task<T> task) {
            super(Context.EMPTY);
            this.task = task;
        }

        @Override
        void run() {
            if (task.state() == Future.State.SUCCESS) {
                result.complete(task.resultNow());
            } else {
                result.completeExceptionally(task.exceptionNow());
            }
        }

        @Override
        void dropped() {
            run();
        }
    }
}

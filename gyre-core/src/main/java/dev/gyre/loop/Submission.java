package dev.gyre.loop;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A task on its way from a foreign thread to its loop, and its result on the way back.
final class Submission<T extends @Nullable Object> extends Step {

    private final IOLoop loop;

    /// The name of the task; null if it is to bear that of its body's class.
    private final @Nullable String taskName;

    /// As in [IOLoop#begin].
    private final Object body;

    private final CompletableFuture<T> result = new CompletableFuture<>();

    Submission(IOLoop loop, @Nullable String taskName, Object body) {
        super(loop.thread().contextForLater());
        this.loop = loop;
        this.taskName = taskName;
        this.body = Objects.requireNonNull(body, "body");
    }

    CompletableFuture<T> result() {
        return result;
    }

    // This step is not bare: completing the result may run user code that hangs on it.
    @Override
    void run() {
        if (result.isCancelled()) {
            return;
        }
        try {
            Task<T> task = loop.begin(taskName, null, body);
            task.addListener(new Handover<>(task, result));
            var _ = result.whenComplete((value, failure) -> cancelled(task));
        } catch (Throwable e) {
            // Mostly the loop is closing. Whatever kept the task from being spawned, who has
            // submitted it must hear of it.
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

    @Override
    public String toString() {
        return "submission of " + (taskName == null ? body : taskName);
    }
}

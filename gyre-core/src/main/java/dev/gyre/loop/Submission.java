package dev.gyre.loop;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A task on its way from a foreign thread to its loop, and its result on the way back.
final class Submission<T extends @Nullable Object> extends Step {

    private final IOLoop loop;
    private final Callable<? extends T> body;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    Submission(IOLoop loop, Callable<? extends T> body) {
        super(Context.EMPTY);
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
        Task<T> task = loop.spawn(body);
        task.onDone(result::complete, result::completeExceptionally);
        result.exceptionally(
                        failure -> {
                            if (result.isCancelled()) {
                                loop.addCallback(task::cancel);
                            }
                            return null;
                        })
                .isDone();
    }

    @Override
    void dropped() {
        result.completeExceptionally(
                new IllegalStateException(loop + " was closed before the task had begun"));
    }
}

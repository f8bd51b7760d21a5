package dev.gyre.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One future made of several, for [LoopFuture#all] and [LoopFuture#any].
final class Combined<T extends @Nullable Object> {

    private final List<LoopFuture<? extends T>> parts;

    /// How many parts are not done.
    private int pending;

    Combined(Collection<? extends LoopFuture<? extends T>> parts) {
        this.parts = List.copyOf(parts);
        this.pending = parts.size();
    }

    private IOLoop loop() {
        return parts.isEmpty() ? IOLoop.current() : parts.getFirst().loop;
    }

    LoopFuture<List<T>> all() {
        LoopFuture<List<T>> result = new LoopFuture<>(loop(), this::cancelParts);
        if (parts.isEmpty()) {
            result.complete(new ArrayList<>());
        }
        for (LoopFuture<? extends T> part : parts) {
            part.whenEnded(() -> {
                pending--;
                if (pending == 0) {
                    completeWithAll(result);
                }
            });
        }
        return result;
    }

    private void completeWithAll(LoopFuture<List<T>> result) {
        List<T> values = new ArrayList<>(parts.size());
        for (LoopFuture<? extends T> part : parts) {
            if (part.state() != Future.State.SUCCESS) {
                result.failOrCancel(firstFailure());
                return;
            }
            values.add(part.resultNow());
        }
        result.complete(values);
    }

    LoopFuture<T> any() {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("any of no futures would never be done");
        }
        LoopFuture<T> result = new LoopFuture<>(loop(), this::cancelParts);
        for (LoopFuture<? extends T> part : parts) {
            part.whenEnded(() -> {
                pending--;
                if (part.state() == Future.State.SUCCESS) {
                    result.complete(part.resultNow());
                } else if (pending == 0) {
                    result.failOrCancel(firstFailure());
                }
            });
        }
        return result;
    }

    /// Returns the first failure in the order of the parts, with the others suppressed.
    private Throwable firstFailure() {
        @Nullable Throwable first = null;
        for (LoopFuture<? extends T> part : parts) {
            if (part.state() == Future.State.SUCCESS) {
                continue;
            }
            Throwable failure = part.exceptionNow();
            if (first == null) {
                first = failure;
            } else if (first != failure && !(failure instanceof CancellationException)) {
                first.addSuppressed(failure);
            }
        }
        return first == null ? new CancellationException("nothing failed") : first;
    }

    private void cancelParts() {
        parts.forEach(LoopFuture::cancel);
    }
}

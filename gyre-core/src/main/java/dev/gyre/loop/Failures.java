package dev.gyre.loop;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// The failures of several futures as one: the first that is more than a cancellation, with the
/// others suppressed.
///
/// They are told apart by identity, since this runs on the bare loop thread, and `equals` may be
/// user code.
final class Failures {

    /// Null until the first is added; a cancellation while there is nothing else.
    private @Nullable Throwable first;

    void add(Throwable failure) {
        boolean isCancellation = failure instanceof CancellationException;
        if (first == null || (first instanceof CancellationException && !isCancellation)) {
            first = failure;
        } else if (failure != first && !isCancellation) {
            first.addSuppressed(failure);
        }
    }

    /// Ends a future with what was added.
    ///
    /// @throws IllegalStateException if that was nothing
    void end(LoopFuture<?> future) {
        if (first == null) {
            throw new IllegalStateException("nothing has failed");
        }
        future.failOrCancel(first);
    }
}

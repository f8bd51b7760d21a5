package dev.gyre.loop;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The failures of several futures as one: the first, with the others suppressed. Cancelled futures
/// count only if there is nothing else.
///
/// Failures are told apart by identity, since this runs on the bare loop thread, and `equals` may
/// be user code.
final class Failures {

    /// The first failure that is more than a cancellation; null until one is added.
    private @Nullable Throwable first;

    /// Whether any failure or cancellation was added.
    private boolean any;

    /// Adds the failure of a future which has ended without a value.
    void add(LoopFuture<?> ended) {
        any = true;
        if (ended.state() == Future.State.CANCELLED) {
            return;
        }
        Throwable failure = ended.exceptionNow();
        if (first == null) {
            first = failure;
        } else if (failure != first) {
            ended.loop.reports().suppress(first, failure);
        }
    }

    /// Ends a future with the failures that were added.
    ///
    /// @throws IllegalStateException if none was added
    void end(LoopFuture<?> future) {
        if (!any) {
            throw new IllegalStateException("nothing has failed");
        }
        if (first == null) {
            future.cancel();
        } else {
            future.fail(first);
        }
    }
}

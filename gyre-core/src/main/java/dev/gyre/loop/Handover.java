package dev.gyre.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Takes the outcome of a future to other threads, also when the loop is closed by then: somebody
/// may wait there who cannot hear of it in another way.
///
/// What hangs on the `CompletableFuture` is user code, so this is no bare step. If it is dropped it
/// hands over all the same, on the thread that closes the loop, or on the one that completes the
/// future later: neither carries coroutines then.
final class Handover<T extends @Nullable Object> extends Step {

    private final LoopFuture<T> source;
    private final CompletableFuture<T> result;

    Handover(LoopFuture<T> source, CompletableFuture<T> result) {
        super(source.loop.thread().context());
        this.source = source;
        this.result = result;
    }

    @Override
    void run() {
        if (source.state() == Future.State.SUCCESS) {
            result.complete(source.resultNow());
        } else {
            result.completeExceptionally(source.exceptionNow());
        }
    }

    @Override
    void dropped() {
        run();
    }

    @Override
    public String toString() {
        return "hand-over of " + source;
    }
}

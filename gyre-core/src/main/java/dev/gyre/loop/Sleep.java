package dev.gyre.loop;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A pause of some length, as the operation behind a future: cancelling the future cancels the
/// timer.
final class Sleep implements Runnable {

    /// Done when the pause is over.
    final LoopFuture<@Nullable Void> over;

    private final LoopTimer timer;
    private final Duration duration;

    Sleep(IOLoop loop, Duration duration) {
        this.duration = duration;
        over = new LoopFuture<>(loop, this);
        timer = loop.callLater(duration, (BareCallback) () -> over.complete(null));
    }

    @Override
    public void run() {
        timer.cancel();
    }

    @Override
    public String toString() {
        return "a sleep of " + Durations.text(duration);
    }
}

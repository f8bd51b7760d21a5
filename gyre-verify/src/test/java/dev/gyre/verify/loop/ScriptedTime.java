package dev.gyre.verify.loop;

import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.TimeSource;
import java.time.Duration;

/// A clock that goes where the test says, backwards too.
final class ScriptedTime implements TimeSource {

    private long nanos;

    ScriptedTime(long nanos) {
        this.nanos = nanos;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    /// Moves the clock by what a loop wants to wait for. A loop that waits for ever is an error of
    /// the test, which would never end.
    void advanceBy(long waitNanos) {
        if (waitNanos == Long.MAX_VALUE) {
            throw new IllegalStateException("the loop waits for ever: nothing is scheduled");
        }
        nanos += waitNanos;
    }

    /// Moves the clock forward, or backwards.
    void move(Duration by) {
        nanos += by.toNanos();
    }

    /// Returns options with this clock and `poller`.
    LoopOptions with(ScriptedPoller poller) {
        return LoopOptions.defaults().withTimeSource(this).withPoller(() -> poller);
    }
}

package dev.gyre.testing;

import dev.gyre.loop.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that stands still until a test moves it.
///
/// Moving the clock runs nothing: a loop notices at its next turn. Most tests move it through
/// [TestLoop#advance], which also drives the loop. Any thread may read and move it.
public final class ManualTime implements TimeSource {

    /// The time that the clock begins with, some eleven days: not zero, so that code which takes a
    /// moment for a duration is found out.
    private static final long START_NANOS = 1_000_000_000_000_000L;

    /// The time. Moved by the test, read by the loop and by its watchdog: atomic, for both.
    private final AtomicLong nanos = new AtomicLong(START_NANOS);

    /// Makes a clock that stands still.
    public ManualTime() {}

    @Override
    public long nanos() {
        return nanos.get();
    }

    /// Moves the clock forward.
    ///
    /// @throws IllegalArgumentException if `duration` is negative
    /// @throws ArithmeticException if `duration` is longer than 292 years
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("manual time only moves forward: " + duration);
        }
        nanos.addAndGet(duration.toNanos());
    }

    /// Moves the clock to `moment`, unless the clock is there or further already.
    void moveTo(long moment) {
        nanos.accumulateAndGet(moment, (now, then) -> then - now > 0 ? then : now);
    }

    @Override
    public String toString() {
        return "manual time, " + Duration.ofNanos(nanos() - START_NANOS) + " from its start";
    }
}

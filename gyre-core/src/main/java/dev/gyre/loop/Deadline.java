package dev.gyre.loop;

import java.time.Duration;

/// A moment on the clock of a loop. A relative time is a [Duration], an absolute one is this:
/// different types, so that neither is taken for the other.
///
/// Deadlines of loops with the same [TimeSource] can be compared. Timers take one that is more than
/// 146 years ahead, or 73 back, as just that far away.
///
/// @param nanos the moment, in the nanoseconds of [IOLoop#time]
public record Deadline(long nanos) implements Comparable<Deadline> {

    /// The most distant deadlines of timers: 146 years ahead, 73 years back. Together they leave a
    /// quarter of what a `long` can count, so the difference of two never overflows, even if one
    /// was set 73 years before the other.
    private static final long AHEAD_MAX_NANOS = Long.MAX_VALUE / 2;

    private static final long BACK_MAX_NANOS = Long.MAX_VALUE / 4;

    /// Returns the moment `delay` from now on the clock of the current loop.
    ///
    /// @param delay how far away; a negative one gives a deadline in the past
    public static Deadline after(Duration delay) {
        return after(currentNanos(), delay);
    }

    static Deadline after(long now, Duration delay) {
        return new Deadline(now + saturatedNanos(delay));
    }

    /// Returns how long it is until this deadline on the clock of the current loop; negative when
    /// it has passed.
    public Duration remaining() {
        return Duration.ofNanos(nanos - currentNanos());
    }

    /// Returns the time on the clock of the current loop. The process-wide loop ([IOLoop#instance])
    /// has the system's clock.
    private static long currentNanos() {
        LoopThread running = LoopThread.currentOrNull();
        return running == null ? TimeSource.system().nanos() : running.nanos();
    }

    /// Returns the moment `delay` after this one.
    public Deadline plus(Duration delay) {
        return new Deadline(nanos + saturatedNanos(delay));
    }

    /// Returns this deadline, or the most distant one that a timer can have if that is nearer.
    Deadline near(long now) {
        long away = nanos - now;
        long nearest = Math.max(-BACK_MAX_NANOS, Math.min(AHEAD_MAX_NANOS, away));
        return away == nearest ? this : new Deadline(now + nearest);
    }

    @Override
    public int compareTo(Deadline other) {
        return Long.signum(nanos - other.nanos);
    }

    /// Returns `duration` in nanoseconds, cut to 146 years ahead and 73 back.
    static long saturatedNanos(Duration duration) {
        if (duration.compareTo(Duration.ofNanos(AHEAD_MAX_NANOS)) > 0) {
            return AHEAD_MAX_NANOS;
        }
        if (duration.compareTo(Duration.ofNanos(-BACK_MAX_NANOS)) < 0) {
            return -BACK_MAX_NANOS;
        }
        return duration.toNanos();
    }
}

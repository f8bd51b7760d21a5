package dev.gyre.loop;

import java.time.Duration;

/// A moment on the clock of a loop. A relative time is a [Duration], an absolute one is this:
/// different types, so that neither is taken for the other.
///
/// Deadlines of loops with the same [TimeSource] can be compared. A deadline must lie within 146
/// years of its loop's time; the factories keep to that by themselves.
///
/// @param nanos the moment, in the nanoseconds of [IOLoop#time]
public record Deadline(long nanos) implements Comparable<Deadline> {

    /// Half of what a `long` can count, so that the difference of two deadlines never overflows.
    private static final long DISTANT_NANOS = Long.MAX_VALUE / 2;

    /// Returns the moment `delay` from now on the clock of the current loop.
    ///
    /// @param delay how far away; a negative one gives a deadline in the past
    public static Deadline after(Duration delay) {
        return after(IOLoop.current().time(), delay);
    }

    static Deadline after(long now, Duration delay) {
        return new Deadline(now + saturatedNanos(delay));
    }

    /// Returns how long it is until this deadline on the clock of the current loop; negative when
    /// it has passed.
    public Duration remaining() {
        return Duration.ofNanos(nanos - IOLoop.current().time());
    }

    /// Returns the moment `delay` after this one.
    public Deadline plus(Duration delay) {
        return new Deadline(nanos + saturatedNanos(delay));
    }

    @Override
    public int compareTo(Deadline other) {
        return Long.signum(nanos - other.nanos);
    }

    /// Returns `duration` in nanoseconds, cut to 146 years either way.
    static long saturatedNanos(Duration duration) {
        long seconds = duration.toSeconds();
        long secondsMax = DISTANT_NANOS / 1_000_000_000L - 1;
        if (seconds > secondsMax) {
            return DISTANT_NANOS;
        }
        if (seconds < -secondsMax) {
            return -DISTANT_NANOS;
        }
        return duration.toNanos();
    }
}

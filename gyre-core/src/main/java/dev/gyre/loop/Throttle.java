package dev.gyre.loop;

/// Lets through at most so many records per interval and counts the rest.
final class Throttle {

    private final int recordsMax;
    private final long intervalNanos;

    /// When the current interval began. Meaningless while nothing was admitted.
    private long intervalStart;

    /// How many records the current interval has admitted.
    private int admitted;

    /// How many were refused since the last one that was admitted.
    private long suppressed;

    Throttle(int recordsMax, long intervalNanos) {
        this.recordsMax = recordsMax;
        this.intervalNanos = intervalNanos;
    }

    /// Returns whether one more record may be written at `now`, and counts it if not.
    boolean admit(long now) {
        if (admitted == 0 || now - intervalStart >= intervalNanos) {
            intervalStart = now;
            admitted = 0;
        }
        if (admitted == recordsMax) {
            suppressed++;
            return false;
        }
        admitted++;
        return true;
    }

    /// Hears that a record which was admitted was not written.
    void missed() {
        suppressed++;
    }

    /// Returns, to be appended to the record just admitted, how many were left out before it.
    String takeSuppressed() {
        String text = suppressed == 0 ? "" : " (" + suppressed + " records before this left out)";
        suppressed = 0;
        return text;
    }
}

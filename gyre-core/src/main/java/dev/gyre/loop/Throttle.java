package dev.gyre.loop;

/// Lets through at most so many log records per interval and counts the rest.
final class Throttle {

    private final int recordsMax;
    private final long intervalNanos;

    /// When the current interval began. Meaningless while nothing was admitted.
    private long intervalStart;

    /// How many records the current interval has admitted.
    private int admitted;

    /// How many records were refused since the last one that was admitted.
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

    /// Called when a record that was admitted could not be written.
    void missed() {
        suppressed++;
    }

    /// Returns how many records were left out before the one just admitted, as text to be appended
    /// to that one.
    String takeSuppressed() {
        String text = suppressed == 0 ? "" : " (" + suppressed + " records before this left out)";
        suppressed = 0;
        return text;
    }
}

package dev.gyre.loop;

/// The clock of a loop. A seam for simulators: hand in one of your own with
/// [LoopOptions#withTimeSource].
@FunctionalInterface
public interface TimeSource {

    /// Returns the time in nanoseconds from an arbitrary origin. Read by the loop's thread and by
    /// its watchdog; only differences mean anything, and they may wrap around.
    long nanos();

    /// Returns the JVM's monotonic clock, [System#nanoTime].
    static TimeSource system() {
        return SystemTime.MONOTONIC;
    }
}

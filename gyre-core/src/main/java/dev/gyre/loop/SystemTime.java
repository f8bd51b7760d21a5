package dev.gyre.loop;

/// The clock of the JVM, as a type: a loop that runs on it can be told from one whose time is moved
/// by hand.
enum SystemTime implements TimeSource {
    MONOTONIC;

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}

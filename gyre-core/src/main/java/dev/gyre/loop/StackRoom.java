package dev.gyre.loop;

/// A look at how much stack is left, before a change that must not be left half done.
///
/// Whoever completes a future may be deep in recursion. An overflow between "the future is done"
/// and "those who wait are queued" would lose them for good; one before it changes nothing, and the
/// call can be repeated.
final class StackRoom {

    /// More frames, each of the smallest size, than it takes to queue a listener.
    static final int QUEUEING = 32;

    /// More than it takes to cancel a task and tell its scope, or to note down a failure.
    static final int ENDING = 128;

    private StackRoom() {}

    /// Throws a [StackOverflowError] now if so many more frames do not fit.
    static int require(int frames) {
        return frames == 0 ? 0 : require(frames - 1) + 1;
    }
}

package dev.gyre.loop;

/// A look at how much stack is left, before a change that must not be left half done.
///
/// Whoever completes a future may be deep in recursion. A stack overflow between "the future is
/// done" and "those who wait are queued" would lose them for good; one before it changes nothing,
/// and the call can be repeated.
final class StackRoom {

    /// Several times what it takes to queue listeners, to cancel a task and tell its scope, or to
    /// note down a failure: these frames are of the smallest size, and may be compiled into fewer
    /// when what comes after them is still interpreted. 32 were seen to be too few.
    private static final int FRAMES = 256;

    private StackRoom() {}

    /// Throws a [StackOverflowError] now if what follows may not fit.
    static void require() {
        descend(FRAMES);
    }

    private static int descend(int frames) {
        return frames == 0 ? 0 : descend(frames - 1) + 1;
    }
}

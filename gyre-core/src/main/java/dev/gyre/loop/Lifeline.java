package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// What the [Rescue] knows of one loop, and does for it. On its thread only.
///
/// What it reads of the loop is not synchronised with it: a loop that is stuck changes nothing, and
/// for one that is not, a wrong guess wakes a thread for nothing.
final class Lifeline {

    private final LoopThread loopThread;

    /// The coroutine that looked stuck at the last look.
    private @Nullable Coroutine suspect;

    /// At how many looks in a row it did.
    private int looks;

    private long mountsSeen;

    Lifeline(LoopThread loopThread) {
        this.loopThread = loopThread;
    }

    /// Looks once, and returns whether the loop is at work, or stuck: worth another look soon.
    boolean look() {
        long mounts = loopThread.mounts();
        boolean isAtWork = mounts != mountsSeen;
        mountsSeen = mounts;
        Coroutine mounted = loopThread.mounted();
        Thread carrier = loopThread.carrier();
        if (mounted == null || carrier == null || !mounted.isStuckOn(carrier)) {
            suspect = null;
            return isAtWork;
        }
        looks = mounted == suspect ? looks + 1 : 1;
        suspect = mounted;
        free(mounted);
        return true;
    }

    private void free(Coroutine stuck) {
        try {
            stuck.free(looks);
        } catch (Throwable e) {
            // The proof that it cannot suspend takes memory, and there may be none; whatever else
            // it
            // meets, there is nobody to be told, and other loops to look at. The next look is soon.
            looks--;
        }
    }
}

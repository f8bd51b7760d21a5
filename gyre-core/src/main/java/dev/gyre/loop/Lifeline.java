package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// What the [Rescue] knows of one loop, and does for it. On its thread only.
///
/// What the rescue reads of the loop is not synchronised with the loop: one that is stuck changes
/// nothing, and for one that is not, a wrong guess wakes a thread for nothing.
final class Lifeline {

    private final LoopThread loopThread;

    /// The coroutine that looked stuck at the last look.
    private @Nullable Coroutine suspect;

    /// At how many looks in a row the suspect has looked stuck.
    private int looks;

    private long mountsSeen;

    Lifeline(LoopThread loopThread) {
        this.loopThread = loopThread;
    }

    /// Looks at the loop once, and returns whether it is at work, or stuck: worth another look
    /// soon.
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
            // To prove that the coroutine cannot suspend takes memory, and there may be none.
            // Whatever else the proof meets, there is nobody to be told, and there are other loops
            // to look at. The next look is soon, and counts as this one.
            looks--;
        }
    }
}

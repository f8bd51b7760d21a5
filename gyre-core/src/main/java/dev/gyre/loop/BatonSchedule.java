package dev.gyre.loop;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What the [Rescue] can do about the JDK's scheduler, on which each [BatonCoroutine] depends: the
/// coroutines of the process that have begun and not ended, linked through themselves, and the
/// means to get them scheduled.
///
/// A coroutine that can run, and does not, may lack a carrier: the JDK's scheduler has as many as
/// there are processors, and each may be held by a coroutine, of whatever loop, that found no
/// memory to suspend. A virtual thread that is started to see if it runs tells whether any carrier
/// is free; its start also makes the scheduler notice if it has failed to make a carrier. If none
/// is free, all coroutines are woken, to try again.
///
/// Or the scheduler has lost the coroutine's thread, runnable or parked. When the scheduler's queue
/// cannot grow, an unpark fails after the thread was marked as runnable. When a look at its stack
/// finds no memory, an unpark that came during the look is noted, but not carried out. No other
/// unpark does anything then. But the JDK makes up for both at the end of the next look
/// (`VirtualThread.tryGetStackTrace`).
final class BatonSchedule {

    /// All coroutines are woken at the second look of the [Rescue], the fourth, the eighth, and
    /// then at each eighth one: there may be a hundred thousand of them, and the machine may just
    /// be busy.
    private static final int LOOKS_BETWEEN_MAX = 8;

    /// Whether the JDK's scheduler has run a thread since the last look. Written by that thread,
    /// read and cleared by that of the [Rescue].
    private static volatile boolean isRunning;

    /// The newest coroutine of the list. Guarded by the class, as are the links.
    private static @Nullable BatonCoroutine newest;

    private BatonSchedule() {}

    /// Adds a coroutine that is about to begin.
    static synchronized void add(BatonCoroutine coroutine) {
        coroutine.older = newest;
        if (newest != null) {
            newest.younger = coroutine;
        }
        newest = coroutine;
    }

    /// Removes a coroutine that has ended, or has not begun after all.
    static synchronized void remove(BatonCoroutine coroutine) {
        BatonCoroutine older = coroutine.older;
        BatonCoroutine younger = coroutine.younger;
        if (older != null) {
            older.younger = younger;
        }
        if (younger != null) {
            younger.older = older;
        } else if (newest == coroutine) {
            newest = older;
        }
        coroutine.older = null;
        coroutine.younger = null;
    }

    /// Tries to get the thread of a coroutine going that has the baton and does not run. A thread
    /// that is parked, in a call of the JDK, is woken, for its wake-up may be what has failed. On
    /// the thread of the [Rescue].
    ///
    /// @param looks at how many looks in a row the thread was found so
    static void free(Thread thread, int looks) {
        boolean isDue =
                looks > 1 && (Integer.bitCount(looks) == 1 || looks % LOOKS_BETWEEN_MAX == 0);
        if (thread.getState() != Thread.State.RUNNABLE) {
            LockSupport.unpark(thread);
            if (isDue) {
                lookAt(thread);
            }
            return;
        }
        if (isDue) {
            if (!isRunning) {
                wakeAll();
            }
            lookAt(thread);
        }
        isRunning = false;
        Thread.ofVirtual().start(() -> isRunning = true);
    }

    private static synchronized void wakeAll() {
        for (BatonCoroutine each = newest; each != null; each = each.older) {
            LockSupport.unpark(each.thread());
        }
    }

    @SuppressWarnings("ReturnValueIgnored") // What is on the stack means nothing here.
    private static void lookAt(Thread thread) {
        thread.getStackTrace();
    }
}

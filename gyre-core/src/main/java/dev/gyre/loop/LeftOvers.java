package dev.gyre.loop;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Where coroutines of closed loops run to their end, one at a time, on one daemon thread for the
/// process.
///
/// A closed loop ends its coroutines, but one may be in the middle of a JDK call that returns
/// later, and the JDK must be able to hand it to somebody. `await` fails there at once.
final class LeftOvers {

    private static final StepQueue RESTS = new StepQueue();

    /// The left-over that runs now; null between two. Written by the one thread that runs
    /// left-overs, before and after each, so the code of a left-over finds itself here; whoever
    /// else looks does not.
    private static volatile @Nullable CarrierCoroutine running;

    /// The thread that runs left-overs; null until needed. Written by the [Rescue] alone; volatile
    /// for those who wake the thread.
    private static volatile @Nullable Thread thread;

    /// Whether there was ever a left-over. Set with the first, never cleared.
    private static volatile boolean needed;

    private LeftOvers() {}

    /// Returns the closed loop whose coroutine this code is left over from, or null.
    static @Nullable LoopThread loopOrNull() {
        CarrierCoroutine rest = running;
        return rest != null && rest.thread() == Thread.currentThread() ? rest.loop : null;
    }

    /// Takes what is left of a coroutine. Called within the JDK, so this method neither throws nor
    /// waits, allocates nothing, and leaves it to the [Rescue] to start the thread.
    static void run(CarrierCoroutine rest) {
        if (RESTS.add(rest)) {
            LockSupport.unpark(thread);
        }
        if (thread == null) {
            needed = true;
            Rescue.wake();
        }
    }

    /// Starts the thread if there is a left-over for it to run. On the thread of the [Rescue].
    ///
    /// @return false if the thread is still to be started
    static boolean ensureThread() {
        if (needed && thread == null) {
            try {
                thread =
                        Thread.ofPlatform()
                                .daemon()
                                .name("gyre-left-overs")
                                .inheritInheritableThreadLocals(false)
                                .start(LeftOvers::runAll);
            } catch (OutOfMemoryError e) {
                // There is no memory, or no thread to be had now. The next look of the rescue tries
                // again.
                return false;
            }
        }
        return true;
    }

    private static void runNow(CarrierCoroutine rest) {
        running = rest;
        try {
            rest.runLeftOver();
        } catch (OutOfMemoryError e) {
            Logs.coroutineDied(rest.thread(), e);
        } finally {
            running = null;
        }
    }

    private static void runAll() {
        StepList rests = new StepList();
        while (true) {
            RESTS.drainTo(rests);
            Step rest = rests.poll();
            if (rest instanceof CarrierCoroutine coroutine) {
                runNow(coroutine);
            } else if (RESTS.sleep()) {
                LockSupport.park();
                // Nobody has a reason to interrupt this thread; but while its interrupt status is
                // set a park returns at once, so it would spin.
                Thread.interrupted();
            }
        }
    }
}

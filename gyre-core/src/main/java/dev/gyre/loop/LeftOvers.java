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

    /// What runs now; null in between. Written by the one thread that runs them, and each of them
    /// runs in between, so it finds itself here; whoever else looks does not.
    private static volatile @Nullable CarrierCoroutine running;

    /// Null until needed. Written by the [Rescue] alone; volatile for those who wake it.
    private static volatile @Nullable Thread thread;

    /// Set with the first rest, never cleared.
    private static volatile boolean needed;

    private LeftOvers() {}

    /// Returns the closed loop whose coroutine this code is left over from, or null.
    static @Nullable LoopThread loopOrNull() {
        CarrierCoroutine rest = running;
        return rest != null && rest.thread() == Thread.currentThread() ? rest.loop : null;
    }

    /// Takes what is left of a coroutine. Called within the JDK, so it neither throws nor waits,
    /// allocates nothing, and leaves it to another thread to start one.
    static void run(CarrierCoroutine rest) {
        if (RESTS.add(rest)) {
            LockSupport.unpark(thread);
        }
        if (thread == null) {
            needed = true;
            Rescue.wake();
        }
    }

    /// Starts the thread if there is something for it. On the thread of the [Rescue].
    ///
    /// @return false if it is still to be started
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
                // No memory, or no thread to be had now.
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
                // Nobody has a reason to interrupt this thread, and set, it would make it spin.
                Thread.interrupted();
            }
        }
    }
}

package dev.gyre.loop;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The thread that frees loops whose own thread is parked where only somebody else can wake it.
///
/// A coroutine that suspends puts its stack on the heap and leaves the thread to the loop. Where
/// the JDK cannot do that, it parks the thread below the coroutine instead: for good if there is a
/// native frame or a class initialiser on the stack, and if there was no memory just then, whoever
/// took it. Only the loop would resume the coroutine, so the loop stands still for ever.
///
/// There is one rescue for the process, started before the first loop is, whether or not a user
/// watches a loop. It must live through a want of memory itself: to look, and to unpark, it
/// allocates nothing.
final class Rescue {

    /// The time between two looks while a loop is at work: so seldom that a processor does not
    /// notice.
    private static final long PERIOD_NANOS = 20_000_000;

    /// The longest time between two looks, reached by doubling while no loop takes a turn. So a
    /// loop that gets stuck after a long pause stands still for so long at most.
    private static final long PERIOD_NANOS_MAX = 1_000_000_000;

    /// The thread; null before the first loop was started. Written once, under the class's lock;
    /// volatile for those who wake the thread.
    private static volatile @Nullable Thread thread;

    private Rescue() {}

    /// Starts the thread unless it was started before.
    ///
    /// @throws OutOfMemoryError if the operating system has no thread to give
    static void ensureStarted() {
        if (thread == null) {
            start();
        }
    }

    private static synchronized void start() {
        if (thread == null) {
            thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("gyre-rescue")
                            .inheritInheritableThreadLocals(false)
                            .start(Rescue::run);
        }
    }

    /// Has the thread look at the loops now. Any thread, also within the JDK.
    static void wake() {
        LockSupport.unpark(thread);
    }

    private static void run() {
        long period = PERIOD_NANOS;
        while (true) {
            LockSupport.parkNanos(period);
            // Nobody has a reason to interrupt this thread; but while its interrupt status is set a
            // park returns at once, so it would spin.
            Thread.interrupted();
            boolean isAtWork = isAnyAtWork();
            boolean isDone = LeftOvers.ensureThread();
            period = isAtWork || !isDone ? PERIOD_NANOS : Math.min(PERIOD_NANOS_MAX, 2 * period);
        }
    }

    /// Looks at each loop that runs, and returns whether one of them is at work, or stuck.
    private static boolean isAnyAtWork() {
        boolean atWork = false;
        for (LoopThread each : LoopThread.places()) {
            if (each != null) {
                atWork |= each.lifeline().look();
            }
        }
        return atWork;
    }
}

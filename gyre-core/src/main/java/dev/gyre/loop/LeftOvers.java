package dev.gyre.loop;

import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Where coroutines of closed loops run to their end, one at a time, on one daemon thread for the
/// process.
///
/// A closed loop ends its coroutines, but one may be in the middle of a JDK call that returns
/// later, and the JDK must be able to hand it to somebody. `await` fails there at once.
final class LeftOvers {

    private static final LinkedBlockingQueue<Runnable> CONTINUATIONS = new LinkedBlockingQueue<>();

    /// Null until needed. Guarded by the class.
    private static @Nullable Thread thread;

    private LeftOvers() {}

    /// Called within the JDK, so it neither throws nor waits for long.
    static void run(Runnable continuation) {
        CONTINUATIONS.add(continuation);
        ensureThread();
    }

    private static synchronized void ensureThread() {
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("gyre-left-overs").start(LeftOvers::runAll);
        }
    }

    private static Runnable take() {
        while (true) {
            try {
                return CONTINUATIONS.take();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread, and it must not end.
            }
        }
    }

    private static void runAll() {
        while (true) {
            take().run();
        }
    }
}

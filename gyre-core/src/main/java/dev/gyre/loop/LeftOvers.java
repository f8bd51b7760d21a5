package dev.gyre.loop;

import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Where coroutines of closed loops run to their end, one at a time, on one daemon thread for the
/// process.
///
/// A closed loop ends its coroutines, but one may be in the middle of a JDK call that returns
/// later, and the JDK must be able to hand it to somebody. `await` fails there at once.
final class LeftOvers {

    private static final LinkedBlockingQueue<Rest> RESTS = new LinkedBlockingQueue<>();

    /// What runs now; null in between. Written by the one thread that runs them, and each of them
    /// runs in between, so it finds itself here; whoever else looks does not.
    private static volatile @Nullable Rest running;

    /// Null until needed. Guarded by the class.
    private static @Nullable Thread thread;

    private LeftOvers() {}

    /// Returns the closed loop whose coroutine this code is left over from, or null.
    static @Nullable IOLoop loopOrNull() {
        Rest rest = running;
        return rest != null && rest.thread == Thread.currentThread() ? rest.loop : null;
    }

    /// Called within the JDK, so it neither throws nor waits for long.
    static void run(Rest rest) {
        RESTS.add(rest);
        ensureThread();
    }

    private static synchronized void ensureThread() {
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("gyre-left-overs").start(LeftOvers::runAll);
        }
    }

    private static Rest take() {
        while (true) {
            try {
                return RESTS.take();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread, and it must not end.
            }
        }
    }

    private static void runAll() {
        while (true) {
            Rest rest = take();
            running = rest;
            rest.continuation.run();
            running = null;
        }
    }

    /// What is left to run of a coroutine.
    record Rest(IOLoop loop, Thread thread, Runnable continuation) {}
}

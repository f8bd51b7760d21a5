package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// The loop that runs on this thread, and the process-wide one.
final class Loops {

    /// The process-wide loop; null until first asked for. Guarded by the class.
    private static @Nullable IOLoop instance;

    /// The number of the loop that was named last by a number. Guarded by the class.
    private static int numberOfLast;

    private Loops() {}

    static synchronized int nextNumber() {
        return ++numberOfLast;
    }

    /// Returns the loop that runs on this thread, or the process-wide one.
    static IOLoop current() {
        LoopThread running = LoopThread.currentOrNull();
        return running != null && running.loop() instanceof IOLoop loop ? loop : instance();
    }

    static synchronized IOLoop instance() {
        if (instance == null || instance.isOver()) {
            instance = new IOLoop(LoopOptions.defaults().withName("loop-main"));
        }
        return instance;
    }
}

package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// The loop that runs here, and the one that is nobody's in particular.
final class Loops {

    /// Null until first asked for. Guarded by the class.
    private static @Nullable IOLoop instance;

    /// Guarded by the class.
    private static int numberOfLast;

    private Loops() {}

    static synchronized int nextNumber() {
        return ++numberOfLast;
    }

    /// Returns the loop that runs on this thread, or the process's own.
    static IOLoop current() {
        LoopThread running = LoopThread.currentOrNull();
        return running != null && running.loop() instanceof IOLoop loop ? loop : instance();
    }

    static synchronized IOLoop instance() {
        if (instance == null || instance.thread().isClosed()) {
            instance = new IOLoop(LoopOptions.defaults().withName("loop-main"));
        }
        return instance;
    }
}

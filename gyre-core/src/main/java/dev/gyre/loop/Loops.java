package dev.gyre.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The loops of the process that are running, and the one that is nobody's in particular.
final class Loops {

    /// Written under the class's lock, replaced as a whole; read without.
    private static volatile IOLoop[] running = {};

    /// Null until first asked for. Guarded by the class.
    private static @Nullable IOLoop instance;

    /// Guarded by the class.
    private static int numberOfLast;

    private Loops() {}

    static synchronized int nextNumber() {
        return ++numberOfLast;
    }

    static synchronized void add(IOLoop loop) {
        IOLoop[] more = Arrays.copyOf(running, running.length + 1);
        more[running.length] = loop;
        running = more;
    }

    static synchronized void remove(IOLoop loop) {
        running = Arrays.stream(running).filter(other -> other != loop).toArray(IOLoop[]::new);
    }

    /// Returns the loop that runs on this thread, or the process's own. A process has about as many
    /// loops as cores, so looking at each of them is cheaper than a thread-local, and needs none.
    static IOLoop current() {
        IOLoop loop = runningOrNull();
        return loop == null ? instance() : loop;
    }

    /// Returns the loop that runs on this thread, or null.
    static @Nullable IOLoop runningOrNull() {
        Thread thread = Thread.currentThread();
        for (IOLoop loop : running) {
            if (loop.thread().isOwnedBy(thread)) {
                return loop;
            }
        }
        return null;
    }

    static synchronized IOLoop instance() {
        if (instance == null || instance.isGone()) {
            instance = new IOLoop(LoopOptions.defaults().withName("loop-main"));
        }
        return instance;
    }
}

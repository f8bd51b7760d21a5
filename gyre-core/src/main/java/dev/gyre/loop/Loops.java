package dev.gyre.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The loops of the process that are running, and the one that is nobody's in particular.
final class Loops {

    private static final int PLACES_MIN = 4;

    /// A place that is free holds null. Changed under the class's lock, and each change is
    /// published by writing the field anew; read without a lock. A loop that ends frees its place
    /// without any memory, since want of memory may be why it ends.
    private static volatile @Nullable IOLoop[] running = new @Nullable IOLoop[PLACES_MIN];

    /// Null until first asked for. Guarded by the class.
    private static @Nullable IOLoop instance;

    /// Guarded by the class.
    private static int numberOfLast;

    private Loops() {}

    static synchronized int nextNumber() {
        return ++numberOfLast;
    }

    static synchronized void add(IOLoop loop) {
        @Nullable IOLoop[] places = running;
        int free = 0;
        while (free < places.length && places[free] != null) {
            free++;
        }
        if (free == places.length) {
            places = Arrays.copyOf(places, 2 * free);
        }
        places[free] = loop;
        running = places;
    }

    static synchronized void remove(IOLoop loop) {
        @Nullable IOLoop[] places = running;
        for (int i = 0; i < places.length; i++) {
            if (places[i] == loop) {
                places[i] = null;
            }
        }
        running = places;
    }

    /// Returns the places of the loops that run, of which some are free. Any thread.
    static @Nullable IOLoop[] places() {
        return running;
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
            if (loop != null && loop.thread().isOwnedBy(thread)) {
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

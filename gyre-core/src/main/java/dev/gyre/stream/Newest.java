package dev.gyre.stream;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/// What was made last of something that changes, such as a file. Any thread: engines ask for keys
/// and authorities in their tasks, and streams for contexts on their loops.
///
/// Whoever replaces it holds a lock, since that may read a file, which one at a time does; who only
/// wants to know what is there waits for nobody. A coroutine that waits for the lock is suspended,
/// and its loop goes on.
///
/// Happens-before: what was done before a value was set is seen by who gets it, through [#value].
final class Newest<T> {

    private final ReentrantLock replacing = new ReentrantLock();

    /// Set by the holder of the lock.
    private final AtomicReference<T> value;

    Newest(T first) {
        value = new AtomicReference<>(first);
    }

    T get() {
        return value.get();
    }

    /// Replaces the value by what `next` makes of it, and returns that. If `next` throws, the value
    /// stays.
    T replace(UnaryOperator<T> next) {
        replacing.lock();
        try {
            T after = next.apply(value.get());
            value.set(after);
            return after;
        } finally {
            replacing.unlock();
        }
    }
}

package dev.gyre.loop;

import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// The values of one loop for all [LoopLocal]s. Loop thread.
final class LoopLocals {

    /// How many values are closed at most. There is one for each static field of a program that has
    /// a local; more are there only if some make each other anew without an end.
    private static final int CLOSED_MAX = 10_000;

    /// The values that [LoopOptions#withLocal] set; they belong to whoever made the options, and
    /// are not closed here.
    private final Map<LoopLocal<?>, Object> given;

    private final Map<LoopLocal<?>, Object> values = new HashMap<>();

    LoopLocals(Map<LoopLocal<?>, Object> given) {
        this.given = given;
    }

    <T> T get(LoopLocal<T> local, IOLoop loop) {
        Object present = given.getOrDefault(local, values.get(local));
        if (present == null) {
            T made = local.make(loop);
            values.put(local, made);
            return made;
        }
        @SuppressWarnings("unchecked") // Only withLocal and the line above set values by key.
        T value = (T) present;
        return value;
    }

    /// Forgets all values, and closes those that can be closed. One that asks for another as it is
    /// closed gets it, and that one is closed after it.
    void release() {
        for (int closed = 0; closed < CLOSED_MAX && !values.isEmpty(); closed++) {
            LoopLocal<?> local = values.keySet().iterator().next();
            Object value = Objects.requireNonNull(values.remove(local));
            close(value);
        }
        values.clear();
    }

    private static void close(Object value) {
        if (value instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Throwable e) {
                Logs.GENERAL.log(Level.WARNING, "a LoopLocal value failed to close", e);
            }
        }
    }
}

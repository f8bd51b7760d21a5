package dev.gyre.loop;

import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;

/// The values of one loop for all [LoopLocal]s. Loop thread.
final class LoopLocals {

    /// What [LoopOptions#withLocal] set; it belongs to whoever made the options.
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

    /// Forgets all values, and closes those that can be closed.
    void release() {
        values.values().forEach(LoopLocals::close);
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

package dev.gyre.loop;

import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;

/// The values of one loop for all [LoopLocal]s. Loop thread.
final class LoopLocals {

    private final Map<LoopLocal<?>, Object> values = new HashMap<>();

    <T> T get(LoopLocal<T> local, IOLoop loop) {
        Object present = values.get(local);
        if (present == null) {
            T made = local.make(loop);
            values.put(local, made);
            return made;
        }
        @SuppressWarnings("unchecked") // Only the line above puts values, each under its own key.
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
            } catch (Exception e) {
                Logs.GENERAL.log(Level.WARNING, "a LoopLocal value failed to close", e);
            }
        }
    }
}

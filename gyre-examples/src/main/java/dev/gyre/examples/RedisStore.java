package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keys with strings or lists, some of which live for a time only. Touched by the loop's thread
/// alone.
final class RedisStore {

    /// A value, and the timer that ends it; the timer is null if the value lives on.
    private static final class Entry {

        private Object value;
        private @Nullable LoopTimer end;

        Entry(Object value) {
            this.value = value;
        }
    }

    /// The key holds something else than the command is about.
    static final class WrongTypeException extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    private final IOLoop loop;
    private final Map<String, Entry> entries = new HashMap<>();

    RedisStore(IOLoop loop) {
        this.loop = loop;
    }

    boolean contains(String key) {
        return entries.containsKey(key);
    }

    @Nullable String string(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (entry.value instanceof String text) {
            return text;
        }
        throw new WrongTypeException();
    }

    /// Sets a key, whatever it held, and lets it live on.
    void set(String key, String value) {
        delete(key);
        entries.put(key, new Entry(value));
    }

    /// Replaces a string, which lives as long as the one before.
    void replace(String key, String value) {
        Entry entry = entries.computeIfAbsent(key, absent -> new Entry(value));
        entry.value = value;
    }

    boolean delete(String key) {
        Entry entry = entries.remove(key);
        if (entry != null && entry.end != null) {
            entry.end.cancel();
        }
        return entry != null;
    }

    boolean expire(String key, Duration life) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return false;
        }
        if (entry.end != null) {
            entry.end.cancel();
        }
        if (life.isPositive()) {
            entry.end = loop.callLater(life, () -> entries.remove(key, entry));
        } else {
            entries.remove(key);
        }
        return true;
    }

    /// Returns how long a key will live; null if it lives on, or there is none.
    @Nullable Duration life(String key) {
        Entry entry = entries.get(key);
        return entry == null || entry.end == null
                ? null
                : Duration.ofNanos(entry.end.deadline().nanos() - loop.time());
    }

    /// Adds an element before the first of a list, which is made if there is none.
    ///
    /// @return how many elements the list has now
    int push(String key, String element) {
        List<String> reversed = list(key);
        if (reversed == null) {
            reversed = new ArrayList<>();
            entries.put(key, new Entry(reversed));
        }
        reversed.add(element);
        return reversed.size();
    }

    /// Returns a part of a list. Negative indexes count from the end; `last` is part of it.
    List<String> range(String key, long first, long last) {
        List<String> reversed = list(key);
        if (reversed == null) {
            return List.of();
        }
        int size = reversed.size();
        long from = Math.max(0, first < 0 ? first + size : first);
        long to = Math.min(size - 1L, last < 0 ? last + size : last);
        List<String> part = new ArrayList<>();
        for (long index = from; index <= to; index++) {
            part.add(reversed.get((int) (size - 1 - index)));
        }
        return part;
    }

    /// The elements of a list from last to first, since it grows at its front.
    @SuppressWarnings("unchecked") // What is not a string was put there by push.
    private @Nullable List<String> list(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (entry.value instanceof String) {
            throw new WrongTypeException();
        }
        return (List<String>) entry.value;
    }
}

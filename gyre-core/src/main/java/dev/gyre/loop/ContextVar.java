package dev.gyre.loop;

import java.util.Objects;

/// A variable that follows the work instead of the thread: a request's number for the log, a user,
/// a trace.
///
/// Whatever is scheduled on a loop (a callback, a timer, a handler, a listener, a task) captures
/// the values of that moment and sees them when it runs. What such a piece of work changes is seen
/// by itself, also after its own suspensions, and by what it schedules from then on; neither by its
/// siblings nor by those who scheduled it. Work that goes to other threads does not take the values
/// along.
///
/// ```java
/// static final ContextVar<String> REQUEST = ContextVar.withDefault("none");
/// ```
///
/// Make a variable once, in a static field. Loop thread only: elsewhere it has its default, and
/// cannot be set.
///
/// @param <T> the type of the value
public final class ContextVar<T> {

    private final T defaultValue;

    private ContextVar(T defaultValue) {
        this.defaultValue = defaultValue;
    }

    /// Returns a variable that has `defaultValue` until set.
    public static <T> ContextVar<T> withDefault(T defaultValue) {
        return new ContextVar<>(Objects.requireNonNull(defaultValue, "defaultValue"));
    }

    /// Returns the value for the step or task that is running.
    public T get() {
        LoopThread running = LoopThread.currentOrNull();
        Context entry = running == null ? null : running.context().find(this);
        if (entry == null) {
            return defaultValue;
        }
        @SuppressWarnings("unchecked") // Only set stores values, each under its own variable.
        T value = (T) Objects.requireNonNull(entry.value());
        return value;
    }

    /// Sets the value for the rest of the step or task that is running, and for what it schedules.
    ///
    /// @throws IllegalStateException if called on a thread that runs no loop
    public void set(T value) {
        Objects.requireNonNull(value, "value");
        LoopThread running = running();
        running.context(running.context().with(this, value));
    }

    /// Goes back to the default, as [#set] goes to another value.
    ///
    /// @throws IllegalStateException if called on a thread that runs no loop
    public void reset() {
        LoopThread running = running();
        running.context(running.context().without(this));
    }

    private static LoopThread running() {
        LoopThread running = LoopThread.currentOrNull();
        if (running == null) {
            throw new IllegalStateException(
                    "a ContextVar can be set in a callback or task of a loop only, not on \""
                            + Thread.currentThread().getName()
                            + "\"");
        }
        return running;
    }
}

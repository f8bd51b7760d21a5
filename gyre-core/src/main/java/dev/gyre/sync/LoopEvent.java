package dev.gyre.sync;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import org.jspecify.annotations.Nullable;

/// A flag that tasks of one loop wait for.
///
/// ```java
/// loop.spawn("worker", () -> {
///     ready.whenSet().await();
///     ...
/// });
/// ready.set();
/// ```
///
/// Setting it wakes all who wait, and lets those who come later pass at once until it is cleared.
///
/// **Threads.** It belongs to its loop. Every method that changes it refuses foreign threads; the
/// others do not check.
public final class LoopEvent {

    private final Waiters<@Nullable Void> waiters;

    /// The flag, changed by [#set] and [#clear]. Nobody waits while it is true.
    private boolean set;

    /// Makes an event on the current loop, not set.
    public LoopEvent() {
        this(IOLoop.current());
    }

    /// Makes an event on a given loop, not set.
    public LoopEvent(IOLoop loop) {
        waiters = new Waiters<>(loop, "LoopEvent.whenSet");
    }

    /// Sets the flag and wakes all who wait, each in a later step. Those wake up even if the flag
    /// is cleared before they run. Harmless if it is set.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    /// @throws StackOverflowError if the stack is nearly exhausted; then some of them may not have
    ///   been woken, and the next `set` does that
    public void set() {
        waiters.checkThread("LoopEvent.set");
        set = true;
        waiters.grantAll();
    }

    /// Clears the flag: who waits from now on waits for the next [#set]. Harmless if it is clear;
    /// those who wait already go on waiting.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public void clear() {
        waiters.checkThread("LoopEvent.clear");
        set = false;
    }

    /// Returns whether the flag is set.
    public boolean isSet() {
        return set;
    }

    /// Waits for the flag, called `wait` in Tornado, which Java has taken. A time-out is that of
    /// [LoopFuture#await(Duration)]. Who is cancelled, or out of time, leaves at once.
    ///
    /// @return done at once if the flag is set, else by the next [#set]
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<@Nullable Void> whenSet() {
        waiters.checkThread("LoopEvent.whenSet");
        return set ? LoopFuture.completed(waiters.loop(), null) : waiters.add(() -> null);
    }

    @Override
    public String toString() {
        return "LoopEvent[%s, %d waiting]".formatted(set ? "set" : "clear", waiters.count());
    }
}

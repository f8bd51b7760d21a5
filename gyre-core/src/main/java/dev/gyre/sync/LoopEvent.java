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
/// Setting the flag wakes all tasks that wait, and lets those that come later pass at once, until
/// it is cleared.
///
/// **Threads.** An event belongs to its loop. Every method that changes the event refuses foreign
/// threads; the others do not check.
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

    /// Sets the flag and wakes all tasks that wait, each in a later step. They wake up even if the
    /// flag is cleared before they run. Changes nothing if the flag is set already.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    /// @throws StackOverflowError if the stack is nearly exhausted; then some tasks may not have
    ///   been woken, and the next `set` wakes them
    public void set() {
        waiters.checkThread("LoopEvent.set");
        set = true;
        waiters.grantAll();
    }

    /// Clears the flag: tasks that wait from now on wait for the next [#set]. If the flag is clear
    /// already, this changes nothing; tasks that wait go on waiting.
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

    /// Waits for the flag. In Tornado this is called `wait`, a name that every Java object has in
    /// use. A time-out is that of [LoopFuture#await(Duration)]. A task that is cancelled, or whose
    /// time is up, leaves at once.
    ///
    /// @return a future that is done already if the flag is set, else by the next [#set]
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

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

    private final IOLoop loop;

    /// Changed by [#set] and [#clear]. Nobody waits while it is true.
    private boolean set;

    /// Done by the next [#set], the same for all who wait, since a worker may ask at every item
    /// whether it is to stop. Null while nobody has asked.
    private @Nullable LoopFuture<@Nullable Void> nextSet;

    /// Makes an event on the current loop, not set.
    public LoopEvent() {
        this(IOLoop.current());
    }

    /// Makes an event on a given loop, not set.
    public LoopEvent(IOLoop loop) {
        this.loop = loop;
    }

    /// Sets the flag and wakes all who wait, each in a later step. Those wake up even if the flag
    /// is cleared before they run. Harmless if it is set.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public void set() {
        loop.checkThread("LoopEvent.set");
        set = true;
        LoopFuture<@Nullable Void> waitedFor = nextSet;
        if (waitedFor != null) {
            nextSet = null;
            waitedFor.complete(null);
        }
    }

    /// Clears the flag: who waits from now on waits for the next [#set]. Harmless if it is clear;
    /// those who wait already go on waiting.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public void clear() {
        loop.checkThread("LoopEvent.clear");
        set = false;
    }

    /// Returns whether the flag is set.
    public boolean isSet() {
        return set;
    }

    /// Waits for the flag, called `wait` in Tornado, which Java has taken. A time-out is that of
    /// [LoopFuture#await(Duration)]. Who is cancelled, or out of time, leaves at once.
    ///
    /// @return done at once if the flag is set, else by the next [#set]; then it is the
    ///   [same][LoopFuture#shared] for all who ask
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<@Nullable Void> whenSet() {
        loop.checkThread("LoopEvent.whenSet");
        if (set) {
            return LoopFuture.completed(loop, null);
        }
        LoopFuture<@Nullable Void> present = nextSet;
        if (present == null || present.isDone()) {
            // Completing a future is public, so its holder may have done that.
            present = LoopFuture.shared(loop, "LoopEvent.whenSet");
            nextSet = present;
        }
        return present;
    }

    @Override
    public String toString() {
        return set ? "LoopEvent[set]" : "LoopEvent[clear]";
    }
}

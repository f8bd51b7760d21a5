package dev.gyre.sync;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import org.jspecify.annotations.Nullable;

/// Tells tasks of one loop that something has changed.
///
/// ```java
/// while (orders.isEmpty()) {
///     changed.whenSignalled().await();
/// }
/// ```
///
/// The condition needs no lock, since no other code of the loop runs between the test and the wait.
/// A signal that comes while nobody waits is lost; a [LoopEvent] remembers that it was set.
///
/// The verbs are those of [java.util.concurrent.locks.Condition]: Tornado's `wait`, `notify` and
/// `notify_all` are taken in Java by methods that every object has, and that no class can change. A
/// `notify(count)` beside them would make a call of the wrong one look right.
///
/// **Time-outs and cancellation.** A task that is cancelled while it waits, or whose time is up,
/// leaves at once and takes no signal from others. A task that was signalled before that returns
/// from `await`, and meets the cancellation at its next suspension.
///
/// **Threads.** A condition belongs to its loop. Every method refuses foreign threads.
public final class LoopCondition {

    private final Waiters<@Nullable Void> waiters;

    /// Makes a condition on the current loop.
    public LoopCondition() {
        this(IOLoop.current());
    }

    /// Makes a condition on a given loop.
    public LoopCondition(IOLoop loop) {
        waiters = new Waiters<>(loop, "LoopCondition.whenSignalled");
    }

    /// Waits for a signal. A time-out is that of [LoopFuture#await(Duration)], which throws where
    /// Tornado returns false.
    ///
    /// @return a future that is done by a signal after this call
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<@Nullable Void> whenSignalled() {
        waiters.checkThread("LoopCondition.whenSignalled");
        return waiters.add(() -> null);
    }

    /// Wakes the task that has waited longest, in a later step.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public void signal() {
        signal(1);
    }

    /// Wakes the `count` tasks that have waited longest, or all if fewer wait, in a later step.
    ///
    /// @param count zero or more
    /// @throws IllegalArgumentException if `count` is negative
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public void signal(int count) {
        waiters.checkThread("LoopCondition.signal");
        if (count < 0) {
            throw new IllegalArgumentException("cannot wake " + count + " tasks");
        }
        int left = count;
        while (left > 0 && waiters.grantOldest()) {
            left--;
        }
    }

    /// Wakes all tasks that wait, in a later step.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public void signalAll() {
        waiters.checkThread("LoopCondition.signalAll");
        waiters.grantAll();
    }

    @Override
    public String toString() {
        return "LoopCondition[" + waiters.count() + " waiting]";
    }
}

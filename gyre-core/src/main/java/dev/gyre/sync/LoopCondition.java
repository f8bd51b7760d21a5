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
/// It needs no lock, since nothing else runs between the test and the wait. A signal that comes
/// while nobody waits is lost; [LoopEvent] remembers.
///
/// The verbs are those of [java.util.concurrent.locks.Condition]: Tornado's `wait`, `notify` and
/// `notify_all` are taken in Java by methods that every object has, and that no class can change. A
/// `notify(count)` beside them would make a call of the wrong one look right.
///
/// **Time-outs and cancellation.** Who is cancelled while waiting, or runs out of time, leaves at
/// once and takes no signal from others. Who was signalled before that returns from `await`, and
/// meets the cancellation at the next suspension.
///
/// **Threads.** It belongs to its loop. Every method refuses foreign threads.
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
    /// @return done by a signal that comes after this call
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<@Nullable Void> whenSignalled() {
        waiters.checkThread("LoopCondition.whenSignalled");
        return waiters.add(() -> null);
    }

    /// Wakes the one who has waited longest, in a later step.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public void signal() {
        signal(1);
    }

    /// Wakes the `count` who have waited longest, or all if they are fewer, in a later step.
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

    /// Wakes all who wait, in a later step.
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

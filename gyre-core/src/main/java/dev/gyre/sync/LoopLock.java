package dev.gyre.sync;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import org.jspecify.annotations.Nullable;

/// Keeps other tasks of its loop out while one of them suspends in the middle of something.
///
/// ```java
/// try (var _ = lock.acquire().await()) {
///     stream.write(request);
///     return stream.readLine().await();
/// }
/// ```
///
/// Code that does not suspend needs no lock: no other code of its loop runs meanwhile.
///
/// Tasks get the lock in the order in which they asked. The lock is not re-entrant: a task that
/// asks twice waits for itself. It knows no owner, so any task may release it. Cancellation and
/// threads are as in [LoopSemaphore]: the lock is a bounded semaphore with one permit. In debug
/// mode (`-Ddev.gyre.debug=true`) the log is told when a task has ended that asked for the lock and
/// has not released it, with the place where it asked.
public final class LoopLock {

    private final LoopSemaphore semaphore;

    /// Notices what was not released; null unless this is debug mode.
    private final @Nullable LockWatch watch = LockWatch.newOrNull();

    /// Makes an unlocked lock on the current loop.
    public LoopLock() {
        this(IOLoop.current());
    }

    /// Makes an unlocked lock on a given loop.
    public LoopLock(IOLoop loop) {
        semaphore = LoopSemaphore.ofLock(loop, watch);
    }

    /// Locks, now if the lock is free, else when it is this call's turn. A time-out is that of
    /// [LoopFuture#await(Duration)]; a lock that is free is granted even if the time-out has
    /// passed.
    ///
    /// @return the permit that unlocks the lock when it is closed, usually by try-with-resources
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<Permit> acquire() {
        LoopFuture<Permit> permit = semaphore.acquire();
        if (watch != null) {
            watch.asked(this, permit);
        }
        return permit;
    }

    /// Unlocks without the [Permit], which must not be closed then. The task that has waited
    /// longest has the lock at once; it runs in a later step.
    ///
    /// @throws IllegalStateException if the lock is free, or if called from a foreign thread while
    ///   the loop runs
    public void release() {
        semaphore.release();
    }

    /// Returns whether somebody has the lock.
    public boolean isLocked() {
        return semaphore.available() == 0;
    }

    @Override
    public String toString() {
        return "LoopLock[%s, %d waiting]"
                .formatted(isLocked() ? "locked" : "unlocked", semaphore.waiting());
    }
}

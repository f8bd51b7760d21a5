package dev.gyre.sync;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import org.jspecify.annotations.Nullable;

/// Lets a limited number of tasks of one loop do something at the same time.
///
/// ```java
/// LoopSemaphore connections = LoopSemaphore.bounded(10);
///
/// byte[] fetch(URI uri) {
///     try (var _ = connections.acquire().await()) {
///         return client.get(uri).await();
///     }
/// }
/// ```
///
/// Permits are granted in the order of the calls. A permit that comes back goes straight to the
/// task that has waited longest, so nobody can overtake it.
///
/// **Time-outs and cancellation.** A task that is cancelled while it waits, or whose time is up,
/// leaves the line at once and gets no permit. A permit that was granted before that is not lost:
/// `await` returns it, and the next suspension throws. When cancelling the future itself returns
/// `false`, the permit was granted: the future's `resultNow()` has it, and it must be closed.
///
/// **Threads.** A semaphore belongs to its loop. Every method that changes the semaphore refuses
/// foreign threads; the others do not check.
public final class LoopSemaphore {

    /// How many permits there can be to take: [#release] refuses to add one to so many.
    private final int availableMax;

    private final Waiters<Permit> waiters;

    /// How many permits can be taken at once. Zero whenever somebody waits.
    private int available;

    /// Is told of each release; null unless this is a lock, in debug mode.
    private final @Nullable LockWatch watch;

    /// Makes a semaphore on the current loop. Releasing without acquiring is allowed, and adds a
    /// permit.
    ///
    /// @param permits how many permits there are at first, zero or more
    /// @throws IllegalArgumentException if `permits` is negative
    public LoopSemaphore(int permits) {
        this(IOLoop.current(), permits);
    }

    /// Makes such a semaphore on a given loop.
    ///
    /// @throws IllegalArgumentException if `permits` is negative
    public LoopSemaphore(IOLoop loop, int permits) {
        this(loop, permits, Integer.MAX_VALUE, "LoopSemaphore.acquire", null);
    }

    /// @param what what tasks call to wait here, for dumps
    /// @param watch is told of each release; null for none
    private LoopSemaphore(
            IOLoop loop, int permits, int availableMax, String what, @Nullable LockWatch watch) {
        if (permits < 0) {
            throw new IllegalArgumentException(
                    "a semaphore cannot have " + permits + " permits; zero is the least");
        }
        this.waiters = new Waiters<>(loop, what);
        this.available = permits;
        this.availableMax = availableMax;
        this.watch = watch;
    }

    /// Returns a semaphore on the current loop that never has more permits than at first: to
    /// release one more than were acquired is an error.
    ///
    /// @param permits how many permits there are, at least one: with none, nobody could ever
    ///   acquire
    /// @throws IllegalArgumentException if `permits` is zero or negative
    public static LoopSemaphore bounded(int permits) {
        return bounded(IOLoop.current(), permits);
    }

    /// Returns such a semaphore on a given loop.
    ///
    /// @throws IllegalArgumentException if `permits` is zero or negative
    public static LoopSemaphore bounded(IOLoop loop, int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException(
                    "a bounded semaphore cannot have " + permits + " permits; one is the least");
        }
        return new LoopSemaphore(loop, permits, permits, "LoopSemaphore.acquire", null);
    }

    /// Returns the semaphore of one permit that a [LoopLock] is made of.
    static LoopSemaphore ofLock(IOLoop loop, @Nullable LockWatch watch) {
        return new LoopSemaphore(loop, 1, 1, "LoopLock.acquire", watch);
    }

    /// Takes a permit, now if there is one, else when it is this call's turn. A time-out is that of
    /// [LoopFuture#await(Duration)], and a permit that is free is granted even if the time-out has
    /// passed.
    ///
    /// @return the permit, to be closed, usually by try-with-resources
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public LoopFuture<Permit> acquire() {
        waiters.checkThread("LoopSemaphore.acquire");
        // The permit is made now: when one comes back to the semaphore, there may be no memory for
        // it.
        Permit permit = new Permit(this);
        if (available == 0) {
            return waiters.add(() -> permit);
        }
        LoopFuture<Permit> granted = LoopFuture.completed(waiters.loop(), permit);
        // Counted last: whatever fails before, for want of stack or memory, takes no permit away.
        available--;
        return granted;
    }

    /// Gives a permit back without its [Permit], which must not be closed then; if none was
    /// acquired, adds a permit. The task that has waited longest gets it, and runs in a later step.
    ///
    /// @throws IllegalStateException if the semaphore is bounded and has all its permits, if it has
    ///   `Integer.MAX_VALUE` of them, or if called from a foreign thread while the loop runs
    public void release() {
        waiters.checkThread("LoopSemaphore.release");
        if (available == availableMax) {
            throw new IllegalStateException(
                    "released more often than acquired: all permits are there already ("
                            + availableMax
                            + ")");
        }
        if (watch != null) {
            watch.released();
        }
        if (!waiters.grantOldest()) {
            available++;
        }
    }

    /// Returns how many permits can be taken at once; zero whenever somebody waits.
    public int available() {
        return available;
    }

    int waiting() {
        return waiters.count();
    }

    @Override
    public String toString() {
        return "LoopSemaphore[%d available, %d waiting]".formatted(available, waiting());
    }
}

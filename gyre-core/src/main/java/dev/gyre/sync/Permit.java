package dev.gyre.sync;

import org.jspecify.annotations.Nullable;

/// What [LoopLock#acquire] and [LoopSemaphore#acquire] grant: the right to go on, given back by
/// closing the permit.
///
/// ```java
/// try (var _ = lock.acquire().await()) {
///     counter.write(counter.read() + 1);
/// }
/// ```
///
/// A permit is bound to no task: whoever has it may close it. Loop thread only.
public final class Permit implements AutoCloseable {

    /// The semaphore that the permit goes back to; null once it has gone back.
    private @Nullable LoopSemaphore semaphore;

    Permit(LoopSemaphore semaphore) {
        this.semaphore = semaphore;
    }

    /// Gives the permit back, to the task that has waited longest if one waits. Does nothing the
    /// second time. Never suspends.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs, or if the
    ///   permit was given back by a `release()` meanwhile, where that can be noticed
    @Override
    public void close() {
        LoopSemaphore origin = semaphore;
        if (origin != null) {
            origin.release();
            semaphore = null;
        }
    }

    @Override
    public String toString() {
        return semaphore == null ? "Permit[given back]" : "Permit[of " + semaphore + "]";
    }
}

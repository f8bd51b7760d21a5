package dev.gyre.sync;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The tasks that wait for one thing, such as an item or a permit, in the order in which they came.
///
/// A task that is cancelled, or whose time is up, leaves at once and at constant cost from any
/// place in the line: hence links, and no queue that would have to be searched, or purged of waits
/// that have ended. Granting never runs the code of a task that waits; a later step of the loop
/// does.
///
/// @param <T> the type of what is granted
final class Waiters<T extends @Nullable Object> {

    private final IOLoop loop;

    /// Null exactly while nobody waits.
    private @Nullable Waiter<T> oldest;

    /// Null exactly while nobody waits.
    private @Nullable Waiter<T> newest;

    private int count;

    private final String what;

    /// @param what what tasks call to wait here, for dumps
    Waiters(IOLoop loop, String what) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.what = what;
    }

    /// Refuses foreign threads while the loop runs, before anything has changed.
    void checkThread(String operation) {
        loop.checkThread(operation);
    }

    IOLoop loop() {
        return loop;
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// Adds a task that waits from now on.
    ///
    /// @param grant makes what is granted, when it is granted. What the supplier throws fails the
    ///   future. It is asked once more if there was no stack to hand its result over.
    LoopFuture<T> add(Supplier<? extends T> grant) {
        Waiter<T> waiter = new Waiter<>(this, grant);
        waiter.before = newest;
        if (newest == null) {
            oldest = waiter;
        } else {
            newest.after = waiter;
        }
        newest = waiter;
        count++;
        return waiter.future;
    }

    /// Serves the task that has waited longest.
    ///
    /// @return false if nobody waits
    /// @throws StackOverflowError if the stack is nearly exhausted; then nobody was served
    boolean grantOldest() {
        for (Waiter<T> first = oldest; first != null; first = oldest) {
            boolean isServed = first.grant();
            // Taken out of the line only now, and not by a call, for which there may be no stack: a
            // task that was served must not be served again, and one that was not must stay.
            if (first == oldest) {
                oldest = first.after;
                if (oldest == null) {
                    newest = null;
                } else {
                    oldest.before = null;
                }
                first.after = null;
                count--;
            }
            if (isServed) {
                return true;
            }
        }
        return false;
    }

    /// Serves all tasks. May be called again if it failed half-way.
    void grantAll() {
        while (grantOldest()) {
            // All the work is in the condition.
        }
    }

    /// Fails the futures of all tasks, each with an exception of its own, to which the stack of its
    /// task is added. May be called again if it failed half-way.
    void failAll(Supplier<? extends RuntimeException> failure) {
        for (Waiter<T> first = oldest; first != null; first = oldest) {
            first.future.fail(made(failure));
            remove(first);
        }
    }

    /// Returns the failure, or the want of memory to make it: that must not leave a task waiting.
    private static Throwable made(Supplier<? extends RuntimeException> failure) {
        try {
            return failure.get();
        } catch (OutOfMemoryError e) {
            return e;
        }
    }

    private void remove(Waiter<T> waiter) {
        Waiter<T> before = waiter.before;
        Waiter<T> after = waiter.after;
        if (before == null) {
            oldest = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.before = before;
        }
        waiter.before = null;
        waiter.after = null;
        count--;
    }

    private static final class Waiter<T extends @Nullable Object> implements Runnable {

        private final Waiters<T> line;

        private final Supplier<? extends T> grant;
        private final LoopFuture<T> future;

        /// The neighbours; null at the ends of the line, and once this waiter has left it.
        private @Nullable Waiter<T> before;

        private @Nullable Waiter<T> after;

        Waiter(Waiters<T> line, Supplier<? extends T> grant) {
            this.grant = grant;
            this.line = line;
            this.future = new LoopFuture<>(line.loop, this);
        }

        /// Leaves the line. This runs when the future is cancelled, which was pending until now, so
        /// this waiter is in the line.
        @Override
        public void run() {
            line.remove(this);
        }

        @Override
        public String toString() {
            return line.what;
        }

        /// @return false if this waiter cannot be served; then nothing was used up
        /// @throws StackOverflowError if there is no stack to tell the task; then it waits on
        boolean grant() {
            // To complete a future is public, so whoever holds it may have done that.
            if (future.isDone()) {
                return false;
            }
            T granted;
            try {
                granted = grant.get();
            } catch (Throwable e) {
                // The failure belongs to the task that waits here, and not to the one that happens
                // to make room.
                future.fail(e);
                return false;
            }
            return future.complete(granted);
        }
    }
}

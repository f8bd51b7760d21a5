package dev.gyre.sync;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Those who wait for one thing, in the order in which they came.
///
/// Whoever is cancelled, or runs out of time, leaves at once and at constant cost from any place in
/// the line: hence links, and no queue that would have to be searched, or purged of the dead.
/// Granting never runs the code of those who wait; that is a later step of the loop.
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

    /// @param what those who wait wait for, for people
    Waiters(IOLoop loop, String what) {
        this.loop = loop;
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

    /// Adds somebody who waits from now on.
    ///
    /// @param grant makes what is granted, when it is granted. What it throws fails the future. It
    ///   is asked once more if there was no stack to hand that over.
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

    /// Serves the one who has waited longest.
    ///
    /// @return false if nobody waits
    /// @throws StackOverflowError if the stack is nearly exhausted; then nobody was served
    boolean grantOldest() {
        for (Waiter<T> first = oldest; first != null; first = oldest) {
            boolean isServed = first.grant();
            // Only now, and by no call: there may be no stack for one, and who has been served must
            // not be served again, nor who has not be gone.
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

    /// Serves all. May be called again if it failed half-way.
    void grantAll() {
        while (grantOldest()) {
            // All the work is in the condition.
        }
    }

    /// Fails all who wait, each with an exception of its own, to which its awaiter's stack is
    /// added. May be called again if it failed half-way.
    void failAll(Supplier<? extends RuntimeException> failure) {
        for (Waiter<T> first = oldest; first != null; first = oldest) {
            first.future.fail(made(failure));
            remove(first);
        }
    }

    /// Want of memory must not leave them waiting: then that is the failure.
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

        /// The neighbours; null at the ends, and once this has left the line.
        private @Nullable Waiter<T> before;

        private @Nullable Waiter<T> after;

        Waiter(Waiters<T> line, Supplier<? extends T> grant) {
            this.grant = grant;
            this.line = line;
            this.future = new LoopFuture<>(line.loop, this);
        }

        /// Leaves the line: a cancelled future was pending until now, so this is in it.
        @Override
        public void run() {
            line.remove(this);
        }

        @Override
        public String toString() {
            return line.what;
        }

        /// @return false if this cannot be served; then nothing was used up
        /// @throws StackOverflowError if there is no stack to tell the one who waits; then he waits
        ///   on
        boolean grant() {
            // Completing a future is public, so its holder may have done that.
            if (future.isDone()) {
                return false;
            }
            T granted;
            try {
                granted = grant.get();
            } catch (Throwable e) {
                // It belongs to this one, and not to the one who happens to make room.
                future.fail(e);
                return false;
            }
            return future.complete(granted);
        }
    }
}

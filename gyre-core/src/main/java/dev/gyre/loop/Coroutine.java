package dev.gyre.loop;

import java.util.concurrent.CancellationException;

/// A piece of code with a stack of its own that the loop runs until it suspends, and resumes later.
///
/// There are two mechanisms, and this is all that the rest of the package sees of either. As a step
/// in the loop's queue a coroutine stands for "something outside this package has woken it".
abstract sealed class Coroutine extends Step permits CarrierCoroutine, BatonCoroutine {

    final LoopThread loop;

    /// What this coroutine runs.
    final CoroutineBody body;

    /// The step that resumes this coroutine when what it awaits is done. The waiter is among those
    /// who wait for that future, or in the loop's queue, or in no list. It is replaced only when an
    /// error has left it behind in one of them.
    private Waiter waiter = new Waiter(this);

    /// Whether the waiter has run since the wait under way began. A coroutine can wake up for other
    /// reasons (`LockSupport.park` may return without one), and the waiter is still in some list
    /// then.
    private boolean resumed;

    Coroutine(LoopThread loop, Context context, CoroutineBody body) {
        super(context);
        this.loop = loop;
        this.body = body;
    }

    /// Returns the step that is to resume this coroutine next, and is in no list.
    final Waiter waiter() {
        if (waiter.isStale) {
            waiter = new Waiter(this);
        }
        return waiter;
    }

    /// Returns the waiter of the last wait, also if that wait was broken off.
    final Waiter lastWaiter() {
        return waiter;
    }

    /// Suspends the coroutine until the waiter, which the caller has put into a list, has run. If
    /// this throws, the waiter may still be in that list: see [Waiter#isStale].
    ///
    /// @throws CancellationException if the loop was closed meanwhile
    /// @throws IllegalStateException if something on the stack keeps the coroutine from suspending
    /// @throws StackOverflowError if the coroutine cannot suspend for want of stack
    final void suspendUntilResumed() {
        resumed = false;
        while (!resumed) {
            if (loop.dropsSteps()) {
                throw new CancellationException(loop + " was closed");
            }
            boolean couldSuspend = suspend();
            if (Thread.interrupted()) {
                body.interrupted();
            }
            if (!couldSuspend) {
                throw new IllegalStateException(
                        "await cannot suspend below a native frame, such as a class initialiser; it"
                                + " held up the whole of "
                                + loop);
            }
        }
    }

    /// Returns whether the coroutine has run at all.
    abstract boolean begun();

    abstract Thread thread();

    /// Runs this coroutine until it suspends or ends. Bare loop thread.
    ///
    /// @return whether the coroutine has run. While another thread looks at its stack it cannot,
    ///   and comes through the queue of a later turn.
    /// @throws OutOfMemoryError if there is no memory to begin with; the coroutine has not [#begun]
    ///   then, and may be resumed again
    abstract boolean resume();

    /// Gives control back to the loop and returns when resumed, or for no reason. On the coroutine.
    ///
    /// @return false if the coroutine could not suspend, because of what is on its stack, and held
    ///   up the loop until the [Rescue] found out
    /// @throws StackOverflowError if there is no stack left to suspend; the coroutine goes on then
    abstract boolean suspend();

    /// Returns whether the coroutine is mounted and something keeps the loop's thread waiting below
    /// it. On the thread of the [Rescue], which may be mistaken.
    abstract boolean isStuckOn(Thread carrier);

    /// Tries to get the coroutine off the loop's thread. On the thread of the [Rescue].
    ///
    /// @param looks at how many looks in a row the coroutine was found to be stuck
    abstract void free(int looks);

    /// Returns where the coroutine is, as lines of a dump, without the frames that every coroutine
    /// has.
    final String stack(String indent) {
        StringBuilder lines = new StringBuilder();
        for (StackTraceElement frame : thread().getStackTrace()) {
            if (!isOurs(frame)) {
                lines.append(indent).append("    at ").append(frame).append('\n');
            }
        }
        return lines.toString();
    }

    private static boolean isOurs(StackTraceElement frame) {
        return frame.getClassName().startsWith("java.lang.VirtualThread")
                || frame.getMethodName().equals("parkVirtualThread")
                || frame.getMethodName().equals("getStackTrace")
                || frame.getClassName().startsWith("jdk.internal.vm.")
                || frame.getClassName().startsWith("dev.gyre.loop.")
                || frame.getClassName().startsWith("java.util.concurrent.locks.LockSupport");
    }

    @Override
    final boolean isBare() {
        return true;
    }

    @Override
    public String toString() {
        return "coroutine " + thread().getName();
    }

    /// The step that resumes a coroutine.
    static final class Waiter extends Step {

        private final Coroutine coroutine;

        /// Set when the wait of this waiter was broken off by an error, and never cleared: the
        /// waiter may be in a list that it cannot be taken out of, and must neither resume anybody
        /// from there, nor be used again.
        boolean isStale;

        Waiter(Coroutine coroutine) {
            super(Context.EMPTY);
            this.coroutine = coroutine;
        }

        @Override
        boolean isBare() {
            return true;
        }

        @Override
        void run() {
            if (isStale) {
                return;
            }
            coroutine.resumed = true;
            try {
                coroutine.resume();
            } catch (OutOfMemoryError e) {
                if (!coroutine.begun()) {
                    coroutine.loop.enqueue(this);
                }
                coroutine.loop.shortOfMemory(e);
            }
        }
    }
}

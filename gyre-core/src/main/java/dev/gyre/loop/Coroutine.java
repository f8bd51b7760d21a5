package dev.gyre.loop;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// A piece of code with a stack of its own that the loop runs until it suspends, and resumes later.
///
/// There are two mechanisms, and this is all that the rest of the package sees of either. As a step
/// in the loop's queue a coroutine stands for "something outside this package has woken it".
abstract sealed class Coroutine extends Step permits CarrierCoroutine, BatonCoroutine {

    final IOLoop loop;

    /// Resumes this coroutine when what it awaits is done. It is in the listeners of that future,
    /// or in the loop's queue, or in no list. Replaced only when it got lost in one of them.
    private Waiter waiter = new Waiter(this);

    /// Whether the waiter has run since the wait under way began. A coroutine can wake up for other
    /// reasons, and the waiter is still in some list then.
    private boolean resumed;

    /// The task it runs; null for a runner, and once the task has ended.
    @Nullable Task<?> task;

    /// Set by the watchdog to make a stuck `await` throw.
    volatile boolean freed;

    Coroutine(IOLoop loop, Context context) {
        super(context);
        this.loop = loop;
    }

    final Waiter waiter() {
        return waiter;
    }

    /// Suspends until the waiter, which the caller has put into a list, has run.
    ///
    /// @throws CancellationException if the loop was closed meanwhile
    /// @throws IllegalStateException if something on the stack keeps the coroutine from suspending
    final void suspendUntilResumed() {
        resumed = false;
        while (!resumed) {
            if (loop.isGone()) {
                throw new CancellationException(loop + " was closed");
            }
            suspend();
            Task<?> interrupted = task;
            if (Thread.interrupted() && interrupted != null) {
                interrupted.cancel();
            }
            if (freed) {
                freed = false;
                waiter = new Waiter(this);
                throw new IllegalStateException(
                        "await cannot suspend below a native frame, such as a class initialiser; it"
                                + " held up the whole of "
                                + loop);
            }
        }
    }

    /// Whether it has run at all.
    abstract boolean begun();

    abstract Thread thread();

    /// Runs this coroutine until it suspends or ends; does nothing if it cannot run now. Bare loop
    /// thread.
    abstract void resume();

    /// Gives control back to the loop and returns when resumed, or for no reason. On the coroutine.
    abstract void suspend();

    /// Returns where it is, as lines of a dump, without the frames that every coroutine has.
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
            // One that was replaced stands for a wait that is over.
            if (coroutine.waiter == this) {
                coroutine.resumed = true;
                coroutine.resume();
            }
        }
    }
}

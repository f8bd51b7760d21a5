package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// A callback scheduled for a moment, as [IOLoop#callLater] and [IOLoop#callAt] return it.
///
/// The callback never runs before its deadline; timers run in the order of their deadlines, those
/// of equal deadlines in the order in which they were scheduled. Loop thread only.
public final class LoopTimer extends Step {

    private final TimerHeap heap;
    private final long deadline;

    /// Breaks the tie between equal deadlines: the order of scheduling.
    private final long sequence;

    /// The callback to run; null once it has run or was cancelled, so that a cancelled timer that
    /// waits in the heap for the next clean-up holds nothing of the user's.
    private @Nullable Callback callback;

    /// True from scheduling until the timer leaves the heap, because it is due or because a
    /// clean-up of the heap has removed it.
    private boolean inHeap = true;

    LoopTimer(TimerHeap heap, long deadline, long sequence, Callback callback) {
        super(heap.loop().context());
        this.heap = heap;
        this.deadline = deadline;
        this.sequence = sequence;
        this.callback = callback;
    }

    /// Prevents the callback from running, also when the timer is due in this very turn. Harmless
    /// after the callback ran, after a first cancel, and after the loop was closed.
    ///
    /// @throws IllegalStateException if called from a foreign thread while the loop runs
    public void cancel() {
        heap.loop().check("LoopTimer.cancel");
        if (callback == null) {
            return;
        }
        callback = null;
        if (inHeap) {
            heap.cancelled();
        }
    }

    /// Returns whether the callback is still going to run.
    public boolean isPending() {
        return callback != null;
    }

    /// Returns the moment before which the callback does not run.
    public Deadline deadline() {
        return new Deadline(deadline);
    }

    long nanos() {
        return deadline;
    }

    boolean isBefore(LoopTimer other) {
        long difference = deadline - other.deadline;
        return difference < 0 || (difference == 0 && sequence < other.sequence);
    }

    void leftHeap() {
        inHeap = false;
    }

    @Override
    void dropped() {
        callback = null;
        inHeap = false;
    }

    @Override
    boolean isBare() {
        return callback == null || callback instanceof BareCallback;
    }

    @Override
    void run() throws Exception {
        Callback due = callback;
        // A callback or an earlier timer of this turn may have cancelled this timer after it was
        // taken out of the heap.
        if (due != null) {
            callback = null;
            due.run();
        }
    }

    @Override
    public String toString() {
        Callback pending = callback;
        return pending == null ? "timer" : "timer " + pending;
    }
}

package dev.gyre.loop;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The queue through which any thread hands steps to a loop: lock-free, FIFO, without allocation.
///
/// The queue is a stack that the loop takes whole and turns round, which also gives each turn its
/// snapshot: what is added while steps run is in the next stack. Whether the loop sleeps in its
/// poller is part of the same word, as the marker at the bottom. So the one thread whose step
/// replaces the marker `ASLEEP` knows that it must wake the loop, nobody else does, and no wake-up
/// can be lost between "look at the queue" and "go to sleep".
///
/// Happens-before: what a thread did before [#add] is seen by the step, through the compare-and-set
/// here and the get-and-set in [#drainTo].
final class StepQueue {

    /// The bottom of the stack while the loop is awake or not running.
    private static final Step AWAKE = new Marker();

    /// The bottom of the stack when the loop went to sleep on an empty queue.
    private static final Step ASLEEP = new Marker();

    /// Stands in place of the stack once the loop is closed: steps that are added are dropped then.
    private static final Step CLOSED = new Marker();

    private final AtomicReference<Step> newest = new AtomicReference<>(AWAKE);

    /// Adds a step, or drops it when the queue is closed. Any thread.
    ///
    /// @return whether the caller has to wake the loop
    boolean add(Step step) {
        while (true) {
            Step seen = newest.get();
            if (seen == CLOSED) {
                step.dropped();
                return false;
            }
            step.next = seen;
            if (newest.compareAndSet(seen, step)) {
                return seen == ASLEEP;
            }
        }
    }

    /// Returns whether the queue is closed: steps that are added are dropped then. Any thread.
    boolean isClosed() {
        return newest.get() == CLOSED;
    }

    /// Returns whether no step is queued now. Any thread.
    boolean isEmpty() {
        return newest.get() instanceof Marker;
    }

    /// Takes the loop's sleep away without adding a step. Any thread.
    ///
    /// @return whether the caller has to wake the loop
    boolean wake() {
        return newest.get() == ASLEEP && newest.compareAndSet(ASLEEP, AWAKE);
    }

    /// Marks the loop as asleep if no step is queued. Loop thread.
    ///
    /// @return whether the loop may block in its poller
    boolean sleep() {
        return newest.get() == AWAKE && newest.compareAndSet(AWAKE, ASLEEP);
    }

    /// Moves the steps that are queued now to the end of `steps`, oldest first. Loop thread, while
    /// the loop is awake.
    void drainTo(StepList steps) {
        if (newest.get() != AWAKE) {
            move(newest.getAndSet(AWAKE), steps);
        }
    }

    /// Closes the queue: steps are dropped from now on. Moves what is queued to the end of `steps`,
    /// oldest first.
    void close(StepList steps) {
        move(newest.getAndSet(CLOSED), steps);
    }

    private static void move(Step last, StepList steps) {
        @Nullable Step first = null;
        @Nullable Step step = last;
        while (step != null && !(step instanceof Marker)) {
            @Nullable Step older = step.next;
            step.next = first;
            first = step;
            step = older;
        }
        if (first != null) {
            steps.addChain(first, last);
        }
    }

    private static final class Marker extends Step {

        Marker() {
            super(Context.EMPTY);
        }

        @Override
        void run() {
            throw new IllegalStateException("a marker of the queue was run as a step");
        }
    }
}

package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// One piece of work for a turn of the loop, and its own link in the list that holds it: queueing
/// it allocates nothing.
///
/// A step is in at most one [StepQueue], [StepList] or [WaiterList] at a time. Its [#toString]
/// tells a reader of the log what was running.
abstract class Step {

    /// The neighbour in the list that holds this step; null outside of lists.
    @Nullable Step next;

    /// The neighbour before this step in the [WaiterList] of a future; of the oldest one the
    /// newest; null outside of such lists.
    @Nullable Step before;

    /// The context variables that the step runs with.
    Context context;

    Step(Context context) {
        this.context = context;
    }

    /// Runs the work: on the bare loop thread if [#isBare], else in a runner of [UserCode].
    abstract void run() throws Exception;

    /// Returns whether this is work of the loop itself, which calls no user code, logs nothing,
    /// throws nothing and takes no lock that a suspended coroutine might hold.
    boolean isBare() {
        return false;
    }

    /// Called when the loop was closed and the step will not run.
    void dropped() {}
}

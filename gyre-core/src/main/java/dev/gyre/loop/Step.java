package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// One piece of work for a turn of the loop, and its own link in the list that holds it: queueing
/// it allocates nothing.
///
/// A step is in at most one [StepQueue] or [StepList] at a time. Its [#toString] tells a reader of
/// the log what was running.
abstract class Step {

    /// The neighbour in the list that holds this step; null outside of lists.
    @Nullable Step next;

    /// Runs the work, on the loop. Called by [IOLoop] alone, from its one place for user code.
    abstract void run() throws Exception;
}

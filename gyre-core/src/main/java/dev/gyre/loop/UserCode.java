package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// The one place through which a loop calls user code: a coroutine, the *runner*, in which
/// callbacks, timers, hooks, listeners and handlers run one after the other.
///
/// User code does not run on the bare loop thread because that thread, unlike a coroutine, cannot
/// be suspended: the thread would wait for a lock whose owner, a suspended coroutine, only this
/// thread can resume. Two coroutines and a callback that write to a log are enough for that.
///
/// The runner is mounted once for a stretch of user code. When it is suspended inside a step, since
/// that step blocks in a JDK call, another runner takes over the steps after it, and the first one
/// retires as soon as it has finished its own. Another takes over too when the runner was resumed
/// and did not run, since another thread looks at its stack (see [CarrierCoroutine]): nothing may
/// wait for that to end.
final class UserCode {

    private final LoopThread loop;
    private final Reports reports;

    /// Called when user code that was suspended in a JDK call has ended.
    private final Runnable onEnd;

    /// The runners that are alive, newest first, linked through themselves.
    private @Nullable Runner newest;

    /// The runner that waits for steps, or runs one; null before the first step, and once that
    /// runner retires.
    private @Nullable Runner runner;

    /// The steps of the stage that is running; empty between stages.
    private StepList steps = new StepList();

    /// True once the loop closes: each runner ends after the step that it is in.
    private boolean closing;

    /// How many steps of the stage were begun.
    private int begun;

    UserCode(LoopThread loop, Reports reports, Runnable onEnd) {
        this.loop = loop;
        this.reports = reports;
        this.onEnd = onEnd;
    }

    /// Runs the steps of a stage, and returns how many were begun. Bare loop thread.
    ///
    /// @throws OutOfMemoryError if the loop itself lacks memory; the steps that were not begun stay
    ///   in the stage
    int runAll(StepList stage) {
        steps = stage;
        begun = 0;
        for (Step step = stage.peek(); step != null; step = stage.peek()) {
            if (step.isBare()) {
                stage.poll();
                begun++;
                runBare(step);
            } else {
                resumeRunner();
            }
        }
        return begun;
    }

    private void resumeRunner() {
        Runner resumed = runner == null ? new Runner() : runner;
        runner = resumed;
        boolean waitsForSteps = false;
        try {
            boolean hasRun = resumed.coroutine.resume();
            waitsForSteps = hasRun && resumed.step == null && !resumed.retires;
        } finally {
            if (!waitsForSteps) {
                resumed.retires = true;
                runner = null;
            }
        }
    }

    /// Returns whether user code is suspended in a JDK call.
    boolean isAway() {
        return newest != null && (newest != runner || newest.older != null);
    }

    /// Interrupts the JDK calls in which user code is suspended.
    void interruptAway() {
        for (Runner each = newest; each != null; each = each.older) {
            if (each != runner) {
                each.coroutine.thread().interrupt();
            }
        }
    }

    /// Returns the steps that are suspended in JDK calls as text, each with its stack; no text if
    /// there are none. In user code.
    String dump() {
        StringBuilder text = new StringBuilder();
        int count = 0;
        for (Runner each = newest; each != null; each = each.older) {
            Step step = each.step;
            if (step != null && each.retires) {
                count++;
                text.append("  ").append(Logs.text(step)).append('\n');
                text.append(each.coroutine.stack("  "));
            }
        }
        if (count == 0) {
            return "";
        }
        String head = count == 1 ? " callback" : " callbacks";
        return loop.name() + ": " + count + head + " blocked in calls of the JDK\n" + text;
    }

    /// Ends the runner that waits for steps. Bare loop thread.
    void close() {
        closing = true;
        Runner waiting = runner;
        runner = null;
        if (waiting != null) {
            waiting.coroutine.resume();
        }
    }

    private void runBare(Step step) {
        loop.context(step.context);
        try {
            step.run();
        } catch (Throwable failure) {
            reportLater(step, failure);
        }
    }

    /// Queues the report of a failure, which is user code, hence not for the bare thread.
    private void reportLater(Step step, Throwable failure) {
        try {
            Callback report = () -> reports.uncaught(Logs.text(step), failure);
            loop.enqueue(new CallbackStep(loop.context(), report, "report of"));
        } catch (OutOfMemoryError e) {
            reports.untold(failure);
        }
    }

    /// A coroutine that runs one step of user code after the other.
    private final class Runner implements CoroutineBody {

        private final Coroutine coroutine =
                Coroutines.chosen().create(loop, Context.EMPTY, loop.name(), this);

        /// The step that the runner is in the middle of; null between steps.
        private @Nullable Step step;

        /// Set once another runner takes over, never cleared: this one ends after the step that it
        /// is in.
        private boolean retires;

        /// The neighbours of this runner among those that are alive.
        private @Nullable Runner older;

        private @Nullable Runner younger;

        @Override
        public void run() {
            begin();
            try {
                while (!closing && !retires) {
                    // The interrupt status, left set by a step or by somebody outside, would keep
                    // the runner from suspending: `LockSupport.park` returns at once then.
                    Thread.interrupted();
                    Step next = nextUserStep();
                    if (next == null) {
                        coroutine.suspend();
                    } else {
                        step = next;
                        runStep(next);
                        step = null;
                    }
                }
            } catch (OutOfMemoryError | StackOverflowError e) {
                // The runner cannot wait for steps, for want of memory or stack. Another runner
                // will.
                reports.untold(e);
            } finally {
                end();
            }
        }

        /// Does nothing: a runner waits for steps, or in calls of the JDK, which see the interrupt
        /// themselves.
        @Override
        public void interrupted() {}

        private @Nullable Step nextUserStep() {
            Step first = steps.peek();
            if (first == null || first.isBare()) {
                return null;
            }
            begun++;
            return steps.poll();
        }

        private void runStep(Step next) {
            loop.context(next.context);
            try {
                next.run();
            } catch (Throwable failure) {
                report(next, failure);
            }
        }

        private void report(Step failed, Throwable failure) {
            try {
                reports.uncaught(Logs.text(failed), failure);
            } catch (Throwable e) {
                // There is no memory for the report: whatever else a handler or a log throws was
                // caught before.
                reports.untold(failure);
            }
        }

        private void begin() {
            older = newest;
            if (older != null) {
                older.younger = this;
            }
            newest = this;
        }

        private void end() {
            if (older != null) {
                older.younger = younger;
            }
            if (younger == null) {
                newest = older;
            } else {
                younger.older = older;
            }
            retires = true;
            onEnd.run();
        }
    }
}

package dev.gyre.loop;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// The one place through which a loop calls user code: a coroutine, the *runner*, in which
/// callbacks, timers, hooks, listeners and handlers run one after the other.
///
/// They do not run on the bare loop thread because that thread, unlike a coroutine, cannot be
/// suspended: it would wait for a lock whose owner, a suspended coroutine, only it can resume. Two
/// coroutines and a callback that write to a log are enough for that.
///
/// The runner is mounted once for a stretch of user code. When it is suspended inside a step, since
/// that step blocks in a JDK call, another runner takes over the steps after it, and the first one
/// retires as soon as it has finished its own. So it is too when the runner was resumed and did not
/// run, since another thread looks at its stack: nothing may wait for that.
final class UserCode {

    private final IOLoop loop;

    /// The runners that are alive, newest first, linked through themselves.
    private @Nullable Runner newest;

    /// The runner that waits for steps, or runs one; null before the first step, and when the one
    /// before has retired.
    private @Nullable Runner runner;

    /// The steps of the stage that is running; empty between stages.
    private StepList steps = new StepList();

    /// True once the loop closes: the runners end.
    private boolean closing;

    /// How many steps of the stage were begun.
    private int begun;

    UserCode(IOLoop loop) {
        this.loop = loop;
    }

    /// Runs the steps of a stage, and returns how many. Bare loop thread.
    ///
    /// @throws OutOfMemoryError if the loop itself lacks memory; what is left of the stage stays in
    ///   it
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

    /// Writes what is suspended in JDK calls, each with its stack; nothing if that is nothing. In
    /// user code.
    String dump() {
        StringBuilder text = new StringBuilder();
        int count = 0;
        for (Runner each = newest; each != null; each = each.older) {
            Step step = each.step;
            if (step != null && each.retires) {
                count++;
                text.append("  ").append(describe(step)).append('\n');
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
        loop.thread().context(step.context);
        try {
            step.run();
        } catch (Throwable failure) {
            reportLater(step, failure);
        }
    }

    /// The report is user code, so it is not for the bare thread.
    private void reportLater(Step step, Throwable failure) {
        try {
            loop.addCallback(() -> loop.reportUncaught(describe(step), failure));
        } catch (OutOfMemoryError e) {
            loop.shortages().unreported(failure);
        }
    }

    /// Returns what an object that may be the user's says of itself.
    static String describe(Object named) {
        return Logs.text(named);
    }

    /// Hands a failure to the loop's handler, whose own failure is logged.
    static void report(IOLoop loop, UncaughtHandler handler, String running, Throwable failure) {
        try {
            handler.handle(loop, running, failure);
        } catch (Throwable e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            Logs.GENERAL.log(Level.ERROR, loop.name() + ": the uncaught handler failed", e);
        }
    }

    /// A coroutine that runs one step of user code after the other.
    private final class Runner {

        private final Coroutine coroutine =
                Coroutines.chosen().create(loop, Context.EMPTY, loop.name(), this::serve);

        /// The step that it is in the middle of; null between steps.
        private @Nullable Step step;

        /// Set once another takes over, never cleared: it ends after the step that it is in.
        private boolean retires;

        /// Its neighbours among the runners that are alive.
        private @Nullable Runner older;

        private @Nullable Runner younger;

        private void serve() {
            begin();
            try {
                while (!closing && !retires) {
                    // Left set by a step or somebody outside, it would keep this from suspending.
                    Thread.interrupted();
                    Step next = nextUserStep();
                    if (next == null) {
                        coroutine.suspend();
                    } else {
                        step = next;
                        run(next);
                        step = null;
                    }
                }
            } catch (OutOfMemoryError | StackOverflowError e) {
                // It cannot wait for steps, for want of memory. Another will.
                loop.shortages().unreported(e);
            } finally {
                end();
            }
        }

        private @Nullable Step nextUserStep() {
            Step first = steps.peek();
            if (first == null || first.isBare()) {
                return null;
            }
            begun++;
            return steps.poll();
        }

        private void run(Step next) {
            loop.thread().context(next.context);
            try {
                next.run();
            } catch (Throwable failure) {
                report(next, failure);
            }
        }

        private void report(Step failed, Throwable failure) {
            try {
                loop.reportUncaught(describe(failed), failure);
            } catch (Throwable e) {
                // There is no memory for it: whatever else a handler or a log throws is caught.
                loop.shortages().unreported(failure);
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
            loop.userCodeEnded();
        }
    }
}

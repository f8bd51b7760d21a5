package dev.gyre.loop;

import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
/// retires as soon as it has finished its own.
final class UserCode {

    private final IOLoop loop;

    /// The runners that are suspended in a step, and retire after it, each with that step.
    private final Map<Coroutine, Step> away = new LinkedHashMap<>();

    /// Null before the first step, and while the one before is suspended in a step.
    private @Nullable Coroutine runner;

    /// The steps of the stage that is running; empty between stages.
    private StepList steps = new StepList();

    /// The step that `runner` is in the middle of; null between steps.
    private @Nullable Step current;

    /// True once the loop closes: the runner ends.
    private boolean closing;

    /// How many steps of the stage were begun.
    private int begun;

    /// The error of the virtual machine that ends the loop; null while there is none.
    private @Nullable VirtualMachineError fatal;

    UserCode(IOLoop loop) {
        this.loop = loop;
    }

    /// Runs the steps of a stage, and returns how many. Bare loop thread.
    int runAll(StepList stage) {
        steps = stage;
        begun = 0;
        for (Step step = stage.peek(); step != null; step = stage.peek()) {
            if (step.isBare()) {
                stage.poll();
                begun++;
                runBare(step);
            } else {
                runner().resume();
            }
            Step suspended = current;
            if (suspended != null && runner != null) {
                current = null;
                away.put(runner, suspended);
                runner = null;
            }
            throwFatal();
        }
        return begun;
    }

    /// Remembers the error of the virtual machine that a task or a step met.
    void fatal(VirtualMachineError error) {
        fatal = error;
    }

    /// Returns whether user code is suspended in a JDK call.
    boolean isAway() {
        return !away.isEmpty();
    }

    /// Interrupts the JDK calls in which user code is suspended.
    void interruptAway() {
        away.keySet().forEach(suspended -> suspended.thread().interrupt());
    }

    /// Writes what is suspended in JDK calls, each with its stack; nothing if that is nothing. In
    /// user code.
    String dump() {
        if (away.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        text.append(loop.name()).append(": ").append(away.size());
        text.append(away.size() == 1 ? " callback" : " callbacks");
        text.append(" blocked in calls of the JDK\n");
        away.forEach((suspended, step) ->
                text.append("  ")
                        .append(describe(step))
                        .append('\n')
                        .append(suspended.stack("  ")));
        return text.toString();
    }

    /// Ends the runner that waits for steps. Bare loop thread.
    void close() {
        closing = true;
        if (runner != null) {
            runner.resume();
            runner = null;
        }
    }

    private void runBare(Step step) {
        loop.thread().context(step.context);
        try {
            step.run();
        } catch (Throwable failure) {
            if (isFatal(failure)) {
                fatal((VirtualMachineError) failure);
                return;
            }
            // The report is user code, so it is not for this thread.
            String what = describe(step);
            loop.addCallback(() -> loop.reportUncaught(what, failure));
        }
    }

    /// Returns whether a failure of user code ends the loop: the virtual machine is not well. It is
    /// after a stack overflow, which input can cause, and which the code has left behind.
    static boolean isFatal(Throwable failure) {
        return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    }

    private Coroutine runner() {
        Coroutine present = runner;
        if (present == null) {
            present = Coroutines.chosen().create(loop, Context.EMPTY, loop.name(), this::serve);
            runner = present;
        }
        return present;
    }

    /// The body of a runner.
    private void serve() {
        Coroutine self = Objects.requireNonNull(loop.thread().mounted());
        while (!closing) {
            // Left set by a step or by somebody outside, it would keep the runner from suspending.
            Thread.interrupted();
            Step step = nextUserStep();
            if (step == null) {
                self.suspend();
                continue;
            }
            current = step;
            run(step);
            if (away.remove(self) != null) {
                loop.userCodeEnded();
                return;
            }
            current = null;
        }
    }

    private @Nullable Step nextUserStep() {
        Step first = steps.peek();
        if (first == null || first.isBare() || fatal != null) {
            return null;
        }
        begun++;
        return steps.poll();
    }

    private void run(Step step) {
        loop.thread().context(step.context);
        try {
            step.run();
        } catch (Throwable failure) {
            if (isFatal(failure)) {
                fatal((VirtualMachineError) failure);
            } else {
                report(step, failure);
            }
        }
    }

    private void report(Step step, Throwable failure) {
        try {
            loop.reportUncaught(describe(step), failure);
        } catch (VirtualMachineError e) {
            fatal(e);
        }
    }

    /// Returns what an object that may be the user's says of itself.
    static String describe(Object named) {
        try {
            return named.toString();
        } catch (Throwable e) {
            if (isFatal(e)) {
                throw e;
            }
            return "user code whose toString failed with " + e.getClass().getName();
        }
    }

    /// Hands a failure to the loop's handler, whose own failure is logged.
    static void report(IOLoop loop, UncaughtHandler handler, String running, Throwable failure) {
        try {
            handler.handle(loop, running, failure);
        } catch (Throwable e) {
            if (isFatal(e)) {
                throw e;
            }
            if (e != failure) {
                e.addSuppressed(failure);
            }
            Logs.GENERAL.log(Level.ERROR, loop.name() + ": the uncaught handler failed", e);
        }
    }

    private void throwFatal() {
        VirtualMachineError error = fatal;
        if (error != null) {
            fatal = null;
            throw error;
        }
    }
}

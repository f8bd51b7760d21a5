package dev.gyre.loop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The end of a loop. First that of its coroutines: they are cancelled and get a while to end, then
/// interrupted and get another, and those that are left are named in the log. Then it lets go of
/// all that it has.
///
/// Each part of that is done whatever the others met. Used once; what it needs to begin, it has
/// when it is made.
final class Closing {

    /// How long coroutines may take to end by themselves, and again after interrupting them.
    static final Duration GRACE = Duration.ofSeconds(1);

    /// How many turns the tasks get whose waits were ended at last: enough for clean-up that tries
    /// to wait again and again, and not too many for clean-up that never stops trying.
    private static final int LAST_TURNS_MAX = 100;

    private final IOLoop loop;
    private final Life life;
    private final TaskList tasks;
    private final UserCode userCode;
    private final Reports reports;

    private final Attempts attempts = new Attempts();
    private final Runnable onLoopThread = this::endCoroutines;
    private final Runnable entering = this::enter;
    private final List<Runnable> parts = new ArrayList<>();

    private final List<Runnable> partsOfCoroutines =
            List.of(
                    this::cancelTasks,
                    this::turnWhileBusy,
                    this::interruptRest,
                    this::turnWhileBusy,
                    this::nameRest,
                    this::endWaits,
                    this::reportUntold,
                    this::endRunner);

    private final OfAllTasks cancelling = new OfAllTasks(Task::cancelAnew);
    private final OfAllTasks givingUp = new OfAllTasks(Task::giveUp);

    /// The reports that are to be made, in user code.
    private final StepList told = new StepList();

    /// Whether the grace is over. Set by a timer, cleared when the next grace begins.
    private boolean graceIsOver;

    /// Whether the poller has failed: there are no more turns then. Never cleared.
    private boolean pollerHasFailed;

    /// Whether the report that names the coroutines that do not end was queued.
    private boolean restIsNamed;

    /// @param released lets go of what else hangs on the loop, once nothing is queued any more
    Closing(
            IOLoop loop,
            Life life,
            TaskList tasks,
            UserCode userCode,
            Reports reports,
            List<Runnable> released) {
        this.loop = loop;
        this.life = life;
        this.tasks = tasks;
        this.userCode = userCode;
        this.reports = reports;
        parts.add(() -> OnPlatformThread.run(onLoopThread));
        parts.add(life::closeQueue);
        parts.addAll(released);
        parts.add(life::dropTurn);
    }

    /// Ends and releases all. Throws nothing.
    void run() {
        attempts.doAll(parts);
    }

    /// Throws what one of the parts has met, if it could not be done for that.
    void throwFailure() {
        attempts.throwFailure();
    }

    private void endCoroutines() {
        if (attempts.succeeds(entering)) {
            try {
                attempts.doAll(partsOfCoroutines);
            } finally {
                loop.thread().leave();
            }
        }
    }

    private void enter() {
        try {
            loop.thread().enter();
        } catch (Throwable e) {
            loop.thread().leave();
            throw e;
        }
    }

    private void cancelTasks() {
        tasks.copy().forEach(Task::cancelUnlessBegun);
        if (!tasks.isEmpty()) {
            cancelling.enqueue();
        }
    }

    private void interruptRest() {
        tasks.copy().forEach(Task::interruptBlockingCalls);
        userCode.interruptAway();
    }

    private void turnWhileBusy() {
        graceIsOver = false;
        LoopTimer grace = loop.callLater(GRACE, (BareCallback) this::endGrace);
        // On a clock that stands still the timer never comes; then two turns without work end the
        // grace.
        int idleTurns = 0;
        while (!graceIsOver && loop.isBusy() && idleTurns < 2 && !pollerHasFailed) {
            long before = loop.time();
            boolean isIdle = turn() == 0 && loop.time() == before;
            idleTurns = isIdle ? idleTurns + 1 : 0;
        }
        grace.cancel();
    }

    /// Takes a turn, and returns how many steps it ran.
    private int turn() {
        try {
            return life.turnOfClosing();
        } catch (IOException e) {
            pollerHasFailed = true;
            Logs.GENERAL.log(Level.WARNING, loop + ": the poller failed while closing", e);
            return 0;
        }
    }

    /// Ends the waits of the tasks that are left, which nobody could end once the loop is closed:
    /// so that their clean-up runs, and those are told who wait for them on other threads.
    private void endWaits() {
        givingUp.enqueue();
        int ran = pollerHasFailed ? 0 : Integer.MAX_VALUE;
        for (int turn = 0; turn < LAST_TURNS_MAX && !tasks.isEmpty() && ran > 1; turn++) {
            // There is always this one step in the turn, without which the turn would wait in the
            // poller.
            loop.thread().enqueue(new BareStep(loop::stop));
            ran = turn();
        }
    }

    private void endGrace() {
        graceIsOver = true;
        // Without the stop the turn would go on to wait in the poller.
        loop.stop();
    }

    private void nameRest() {
        if (loop.isBusy() && !restIsNamed) {
            // The report runs as user code: a coroutine that is left may hold the very locks that
            // logging takes.
            Step naming = new CallbackStep(Context.EMPTY, this::logRest, "report of");
            restIsNamed = true;
            told.add(naming);
        }
        userCode.runAll(told);
    }

    private void logRest() {
        String tasksLeft = tasks.isEmpty() ? "" : tasks.dump(loop.name(), loop.time());
        Logs.GENERAL.log(
                Level.WARNING,
                loop + " was closed, but did not end:\n" + tasksLeft + userCode.dump());
    }

    private void reportUntold() {
        reports.addAll(told);
        userCode.runAll(told);
    }

    private void endRunner() {
        userCode.close();
    }

    /// Does the same to each task that there is. A step, because to end a wait may call out.
    private final class OfAllTasks extends Step {

        private final Consumer<Task<?>> end;
        private boolean isQueued;

        OfAllTasks(Consumer<Task<?>> end) {
            super(Context.EMPTY);
            this.end = end;
        }

        void enqueue() {
            if (!isQueued) {
                isQueued = true;
                loop.thread().enqueue(this);
            }
        }

        @Override
        void run() {
            isQueued = false;
            try {
                tasks.copy().forEach(end);
            } catch (OutOfMemoryError e) {
                enqueue();
                loop.thread().shortOfMemory(e);
            }
        }

        @Override
        public String toString() {
            return "end of the tasks of " + loop;
        }
    }
}

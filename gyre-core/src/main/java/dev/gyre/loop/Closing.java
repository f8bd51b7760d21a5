package dev.gyre.loop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// The end of the coroutines of a loop that closes: they are cancelled and get a while to end, then
/// interrupted and get another. Those that are left are named in the log.
///
/// Used once, on the platform thread that runs the loop meanwhile.
final class Closing {

    /// How long coroutines may take to end by themselves, and again after interrupting them.
    static final Duration GRACE = Duration.ofSeconds(1);

    /// How many turns the tasks get whose waits were ended in the end: enough for clean-up that
    /// tries to wait again and again, and for one that never stops trying not too many.
    private static final int LAST_TURNS_MAX = 100;

    private final IOLoop loop;
    private final Life life;
    private final TaskList tasks;
    private final UserCode userCode;
    private final Unobserved.Registry unobserved;

    /// Set by a timer, cleared when the next grace begins.
    private boolean graceIsOver;

    Closing(
            IOLoop loop,
            Life life,
            TaskList tasks,
            UserCode userCode,
            Unobserved.Registry unobserved) {
        this.loop = loop;
        this.life = life;
        this.tasks = tasks;
        this.userCode = userCode;
        this.unobserved = unobserved;
    }

    void endCoroutines() {
        loop.thread().enter();
        try {
            cancelTasks();
            turnWhileBusy();
            tasks.copy().forEach(Task::interruptBlockingCalls);
            userCode.interruptAway();
            turnWhileBusy();
            StepList reports = new StepList();
            if (loop.isBusy()) {
                // In user code: what is left may hold the very locks that logging takes.
                reports.add(new CallbackStep(Context.EMPTY, this::reportRest, "report of"));
            }
            userCode.runAll(reports);
            endWaits();
            unobserved.reportAll(reports);
            userCode.runAll(reports);
            userCode.close();
        } catch (IOException e) {
            Logs.GENERAL.log(Level.WARNING, loop + ": the poller failed while closing", e);
        } finally {
            loop.thread().leave();
        }
    }

    private void cancelTasks() {
        tasks.copy().forEach(Task::cancelUnlessBegun);
        if (!tasks.isEmpty()) {
            // As a step, because cancelling may call out.
            loop.addCallback(() -> tasks.copy().forEach(Task::cancel));
        }
    }

    private void turnWhileBusy() throws IOException {
        graceIsOver = false;
        LoopTimer grace = loop.callLater(GRACE, (BareCallback) this::endGrace);
        // On a clock that stands still the timer never comes; then two turns without work end it.
        int idleTurns = 0;
        while (!graceIsOver && loop.isBusy() && idleTurns < 2) {
            long before = loop.time();
            boolean isIdle = life.turnOfClosing() == 0 && loop.time() == before;
            idleTurns = isIdle ? idleTurns + 1 : 0;
        }
        grace.cancel();
    }

    /// Ends the waits of the tasks that are left, which nobody could end once the loop is closed:
    /// so that their clean-up runs, and those are told who wait for them on other threads.
    private void endWaits() throws IOException {
        // As a step, because ending a wait may call out.
        loop.addCallback(() -> tasks.copy().forEach(Task::giveUp));
        int ran = Integer.MAX_VALUE;
        for (int turn = 0; turn < LAST_TURNS_MAX && !tasks.isEmpty() && ran > 1; turn++) {
            // The one step that there always is. Without it the turn would wait in the poller.
            loop.enqueue(new BareStep(loop::stop));
            ran = life.turnOfClosing();
        }
    }

    private void endGrace() {
        graceIsOver = true;
        // Without this the turn would go on to wait in the poller.
        loop.stop();
    }

    private void reportRest() {
        String tasksLeft = tasks.isEmpty() ? "" : tasks.dump(loop.name(), loop.time());
        Logs.GENERAL.log(
                Level.WARNING,
                loop + " was closed, but did not end:\n" + tasksLeft + userCode.dump());
    }
}

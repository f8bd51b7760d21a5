package dev.gyre.loop;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The turns of a loop: the five stages of each, in the order that [IOLoop] documents, the poll
/// among them, and the steps that are queued for the next turn.
///
/// Loop thread only, except [#stop].
final class Turn {

    /// How long the loop pauses after a turn that lacked memory: long enough for a garbage
    /// collection, or for whoever took the memory to fail too, and to let go of it.
    private static final long SHORTAGE_PAUSE_NANOS = 10_000_000;

    private final LoopThread loop;
    private final StepQueue queue;
    private final Poller poller;
    private final UserCode userCode;
    private final Reports reports;
    private final TurnClock clock;
    private final TimerHeap timers;

    /// The steps of this turn, by stage. Some are left over only when want of memory broke off the
    /// turn; then the next turn begins with them.
    private final StepList callbacks = new StepList();

    private final StepList due = new StepList();
    private final StepList hooks = new StepList();
    private final StepList ready = new StepList();

    /// The hooks for the next time the loop is about to poll.
    private final StepList nextHooks = new StepList();

    /// The reports that are made when the loop stops.
    private final StepList told = new StepList();

    /// Whether the loop is to stop. Set by [#stop] on any thread, cleared when the loop has
    /// stopped.
    private volatile boolean stopRequested;

    Turn(LoopThread loop, Poller poller, UserCode userCode, Reports reports, TurnClock clock) {
        this.loop = loop;
        this.queue = loop.queue();
        this.poller = poller;
        this.userCode = userCode;
        this.reports = reports;
        this.clock = clock;
        this.timers = new TimerHeap(loop);
    }

    TimerHeap timers() {
        return timers;
    }

    TurnClock clock() {
        return clock;
    }

    /// Returns the list in which the poller's targets put themselves when they are told, in the
    /// poller's order.
    StepList ready() {
        return ready;
    }

    void addHook(Step hook) {
        nextHooks.add(hook);
    }

    /// Ends the turn before its poll, and those after it. Any thread.
    void stop() {
        stopRequested = true;
        loop.wake();
    }

    boolean isStopRequested() {
        return stopRequested;
    }

    void forgetStop() {
        stopRequested = false;
    }

    /// Takes one turn, and returns how many steps it ran. A turn that lacks memory ends early,
    /// loses nothing, and pauses for a while.
    ///
    /// @param pollNanosMax how long it may wait in the poller
    int take(long pollNanosMax) throws IOException {
        int ran = 0;
        try {
            ran = runStages(pollNanosMax);
        } catch (OutOfMemoryError e) {
            loop.shortOfMemory(e);
        }
        OutOfMemoryError met = loop.takeShortage();
        if (met != null) {
            reports.brokeOff(met);
            LockSupport.parkNanos(SHORTAGE_PAUSE_NANOS);
            Thread.interrupted();
            ran++;
        }
        return ran;
    }

    private int runStages(long pollNanosMax) throws IOException {
        clock.turn();
        queue.drainTo(callbacks);
        if (reports.areAny()) {
            reports.addDue(callbacks, loop.nanos());
        }
        if (!timers.isEmpty()) {
            timers.takeDue(loop.nanos(), due);
        }
        int ran = userCode.runAll(callbacks) + userCode.runAll(due);
        hooks.addAll(nextHooks);
        ran += userCode.runAll(hooks);
        clock.callbacks(ran);
        if (stopRequested) {
            return ran;
        }
        poll(pollNanosMax);
        int handled = userCode.runAll(ready);
        clock.handled(handled);
        return ran + handled;
    }

    private void poll(long nanosMax) throws IOException {
        // The loop goes to sleep first, then looks at what a waker may have set: the waker sets it,
        // then looks whether the loop sleeps. So one of the two sees the other.
        boolean mayWait =
                queue.sleep()
                        && !stopRequested
                        && nextHooks.isEmpty()
                        && ready.isEmpty()
                        && !loop.isShortOfMemory();
        long now = clock.pollBegins();
        try {
            poller.poll(mayWait ? Math.min(nanosToNext(now), nanosMax) : 0);
        } finally {
            queue.wake();
            Thread.interrupted();
            clock.pollEnds();
        }
    }

    private long nanosToNext(long now) {
        return Math.min(nanosToNextTimer(now), reports.nanosToNext(now));
    }

    private long nanosToNextTimer(long now) {
        LoopTimer first = timers.first();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.nanos() - now);
    }

    /// Tells of the failures that nobody has looked at, unless this loop is driven.
    void reportUntold() {
        if (!poller.isDriven()) {
            List<Reports.Unobserved> reported = reports.addAll(told);
            userCode.runAll(told);
            Reports.tellAtOnce(reported);
        }
    }

    /// Has the poller let go of the channels that were closed in the last turn.
    void settlePoller() throws IOException {
        poller.poll(0);
    }

    /// Returns whether there is nothing to run: nothing is queued, nor left over, and no timer or
    /// report due.
    boolean isIdle() {
        boolean isLeftOver =
                !callbacks.isEmpty() || !due.isEmpty() || !hooks.isEmpty() || !ready.isEmpty();
        return queue.isEmpty()
                && nextHooks.isEmpty()
                && !isLeftOver
                && nanosToNext(loop.nanos()) > 0;
    }

    void closePoller() {
        try {
            poller.close();
        } catch (Throwable e) {
            Logs.GENERAL.log(Level.WARNING, loop + ": the poller failed to close", e);
        }
    }

    /// Drops the steps that are queued, and all that will be.
    void closeQueue() {
        queue.close(callbacks);
        callbacks.drop();
    }

    /// Drops the timers, and what is left of a turn.
    void drop() {
        timers.clear();
        callbacks.addAll(due);
        callbacks.addAll(hooks);
        callbacks.addAll(nextHooks);
        callbacks.drop();
    }
}

package dev.gyre.loop;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The turns of a loop: its five stages, in the order that [IOLoop] documents, the poll among them,
/// and what is queued for the next.
///
/// Loop thread only, but for [#enqueue] and [#stop].
final class Turn {

    /// How long the loop pauses after a turn that lacked memory: long enough for a collection, or
    /// for whoever took the memory to fail too, and to let go.
    private static final long SHORTAGE_PAUSE_NANOS = 10_000_000;

    private final IOLoop loop;
    private final Poller poller;
    private final StepQueue queue = new StepQueue();
    private final TimerHeap timers;
    private final TurnClock clock;

    /// The work of this turn, by stage. Left over only when want of memory broke off the turn; then
    /// the next turn begins with it.
    private final StepList callbacks = new StepList();

    private final StepList due = new StepList();
    private final StepList hooks = new StepList();
    private final StepList ready = new StepList();

    /// The hooks for the next time the loop is about to poll.
    private final StepList nextHooks = new StepList();

    /// Set by [#stop] on any thread, cleared when the loop has stopped.
    private volatile boolean stopRequested;

    /// What the loop's own work met in this turn; null if it found all the memory it needed.
    private @Nullable OutOfMemoryError shortage;

    Turn(IOLoop loop, TimeSource time, Poller poller) {
        this.loop = loop;
        this.poller = poller;
        this.timers = new TimerHeap(loop);
        this.clock = new TurnClock(time);
    }

    TimerHeap timers() {
        return timers;
    }

    TurnClock clock() {
        return clock;
    }

    /// Returns where the poller's targets put themselves, in its order.
    StepList ready() {
        return ready;
    }

    /// Adds a step to the next turn. Any thread.
    void enqueue(Step step) {
        if (queue.add(step)) {
            poller.wakeup();
        }
    }

    /// Returns whether steps are dropped, since the loop is closed.
    boolean dropsSteps() {
        return queue.isClosed();
    }

    void addHook(Step hook) {
        nextHooks.add(hook);
    }

    /// Ends the turn before its poll, and those after it. Any thread.
    void stop() {
        stopRequested = true;
        if (queue.wake()) {
            poller.wakeup();
        }
    }

    boolean isStopRequested() {
        return stopRequested;
    }

    void forgetStop() {
        stopRequested = false;
    }

    /// Hears that the loop's own work lacked memory, and will be tried again.
    void shortOfMemory(OutOfMemoryError failure) {
        shortage = failure;
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
            shortage = e;
        }
        OutOfMemoryError met = shortage;
        if (met != null) {
            shortage = null;
            loop.shortages().brokeOff(met);
            LockSupport.parkNanos(SHORTAGE_PAUSE_NANOS);
            Thread.interrupted();
            ran++;
        }
        return ran;
    }

    private int runStages(long pollNanosMax) throws IOException {
        clock.turn();
        queue.drainTo(callbacks);
        loop.unobserved().reportCollected(callbacks);
        loop.shortages().report(callbacks);
        if (!timers.isEmpty()) {
            timers.takeDue(loop.time(), due);
        }
        UserCode userCode = loop.userCode();
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
        // Asleep first, then a look at what a waker may have set: it does these in reverse order.
        boolean mayWait =
                queue.sleep()
                        && !stopRequested
                        && nextHooks.isEmpty()
                        && ready.isEmpty()
                        && shortage == null;
        long now = clock.pollBegins();
        try {
            poller.poll(mayWait ? Math.min(nanosToNextTimer(now), nanosMax) : 0);
        } finally {
            queue.wake();
            Thread.interrupted();
            clock.pollEnds();
        }
    }

    private long nanosToNextTimer(long now) {
        LoopTimer first = timers.first();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.nanos() - now);
    }

    /// Lets the poller let go of the channels that were closed in the last turn.
    void settlePoller() throws IOException {
        poller.poll(0);
    }

    /// Returns whether there is nothing to run: nothing is queued, nor left over, and no timer due.
    boolean isIdle() {
        boolean isLeftOver =
                !callbacks.isEmpty() || !due.isEmpty() || !hooks.isEmpty() || !ready.isEmpty();
        return queue.isEmpty()
                && nextHooks.isEmpty()
                && !isLeftOver
                && nanosToNextTimer(loop.time()) > 0;
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

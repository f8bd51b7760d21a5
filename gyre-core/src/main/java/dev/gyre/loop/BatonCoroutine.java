package dev.gyre.loop;

import dev.gyre.loop.BatonState.Event;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A coroutine that is an ordinary virtual thread, and passes one right to run, the baton, to and
/// fro with the loop's thread.
///
/// It needs nothing but public API, and holds the same promise: of a loop and its coroutines, one
/// runs at a time. But a coroutine that blocks in a JDK call keeps the baton, and the loop waits
/// with it: taking the baton back is impossible, since that call returns straight into user code.
///
/// The baton goes from the coroutine to the loop in two moves. The coroutine puts it down and
/// parks; the loop picks it up once the coroutine is seen to be parked. For that may fail, when the
/// stack is used up, and user code goes on then: so the coroutine takes back what nobody has picked
/// up. [BatonState] has the table.
///
/// A start that fails for want of memory may have started the thread all the same. So only who
/// begins takes the baton, and the loop takes it back if nobody has.
///
/// Happens-before: all that the one side did before it gave the baton away is seen by the other,
/// through [#state].
final class BatonCoroutine extends Coroutine {

    /// How often the loop gives way to a coroutine that is about to park, which mostly takes less
    /// than a microsecond.
    private static final int YIELDS_MAX = 16;

    /// How long the loop waits at a time after so many yields: the coroutine has no processor then.
    private static final long ABOUT_TO_PARK_NANOS = 50_000;

    /// The neighbours among those that have begun and not ended. For [BatonSchedule].
    @Nullable BatonCoroutine older;

    @Nullable BatonCoroutine younger;

    /// The virtual thread; replaced only if it could not be started.
    private Thread thread;

    private final AtomicReference<BatonState> state = new AtomicReference<>(BatonState.NEW);

    /// Whether this step is in the loop's queue. Set by the coroutine, which alone puts it there;
    /// cleared by the loop's thread.
    private volatile boolean queued;

    BatonCoroutine(LoopThread loop, Context context, String name, CoroutineBody body) {
        super(loop, context, body);
        this.thread = unstarted(name);
    }

    // A virtual thread's child gets its scheduler, which here is the default one.
    private Thread unstarted(String name) {
        return Thread.ofVirtual()
                .name(name)
                .inheritInheritableThreadLocals(false)
                .uncaughtExceptionHandler(Logs::coroutineDied)
                .unstarted(this::runAndEnd);
    }

    private void runAndEnd() {
        boolean isMine = Thread.currentThread() == thread;
        if (!isMine || !changed(BatonState.STARTING, Event.BEGAN)) {
            // The start of this thread was said to have failed, and is done again with another.
            return;
        }
        try {
            body.run();
        } finally {
            BatonSchedule.remove(this);
            putDown(Event.ENDED);
        }
    }

    @Override
    boolean begun() {
        return state.get() != BatonState.NEW;
    }

    @Override
    Thread thread() {
        return thread;
    }

    @Override
    boolean resume() {
        BatonState resumed = state.get().after(Event.RESUMED);
        if (resumed != BatonState.ENDED) {
            runUntilItSuspends(resumed);
        }
        return true;
    }

    private void runUntilItSuspends(BatonState resumed) {
        if (resumed == BatonState.STARTING) {
            remakeIfSpent();
        }
        loop.mount(this);
        try {
            if (resumed == BatonState.STARTING) {
                start();
            } else {
                state.set(resumed);
                wake();
            }
            runUntilPutDown();
        } finally {
            loop.unmount(this);
        }
    }

    /// Wakes the coroutine. It has the baton, so there is no way back but that this succeeds. A
    /// coroutine that is woken once more does not go on for nothing: it looks who has the baton.
    private void wake() {
        boolean isWoken = false;
        while (!isWoken) {
            try {
                LockSupport.unpark(thread);
                isWoken = true;
            } catch (OutOfMemoryError | RejectedExecutionException e) {
                // The JDK's scheduler could not make room for it, now or before.
                isWoken = false;
            }
        }
    }

    /// Once the coroutine may have the baton, the loop goes on only with the baton back, whatever
    /// this method meets: any call may take memory, if only to be linked.
    private void runUntilPutDown() {
        boolean isBack = false;
        while (!isBack) {
            try {
                waitForBaton();
                isBack = true;
            } catch (OutOfMemoryError e) {
                isBack = false;
            }
        }
    }

    @SuppressWarnings(
            "ThreadPriorityCheck") // Parking here instead makes a switch ten times slower.
    private void waitForBaton() {
        int yields = 0;
        while (true) {
            BatonState present = state.get();
            if (present == BatonState.ENDED) {
                return;
            } else if (present != BatonState.PUT_DOWN) {
                LockSupport.park(this);
            } else if (!isParked() && yields < YIELDS_MAX) {
                yields++;
                Thread.yield();
            } else if (!isParked()) {
                LockSupport.parkNanos(this, ABOUT_TO_PARK_NANOS);
            } else if (changed(present, Event.PICKED_UP)) {
                return;
            }
            // The interrupt status of the loop's thread means nothing, and while it is set a park
            // returns at once (`LockSupport.park`), so this would spin.
            Thread.interrupted();
        }
    }

    /// Returns whether the coroutine will not run before it is resumed. Asked once it has put the
    /// baton down.
    private boolean isParked() {
        return thread.getState() == Thread.State.WAITING;
    }

    /// A thread whose start has failed cannot be started again.
    private void remakeIfSpent() {
        if (thread.getState() != Thread.State.NEW) {
            thread = unstarted(thread.getName());
        }
    }

    private void start() {
        BatonSchedule.add(this);
        state.set(BatonState.NEW.after(Event.RESUMED));
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            startFailed(e);
        } catch (RejectedExecutionException e) {
            // So the JDK's scheduler says that it has had no memory for its queue.
            OutOfMemoryError full = new OutOfMemoryError("no room for a coroutine");
            full.initCause(e);
            startFailed(full);
        }
    }

    /// Throws the failure unless the thread has begun in spite of it.
    private void startFailed(OutOfMemoryError failure) {
        if (changed(BatonState.STARTING, Event.START_FAILED)) {
            BatonSchedule.remove(this);
            throw failure;
        }
    }

    /// Runs the coroutine because it was interrupted while it waited, or could not wait.
    @Override
    void run() {
        queued = false;
        resume();
    }

    /// To suspend a thread the JDK copies its stack to the heap, and needs some stack for that:
    /// where the stack is nearly used up the wait fails. What else is done without the baton needs
    /// less; so whether there is room is tried before the baton is put down.
    @Override
    boolean suspend() {
        StackRoom.require();
        // An interrupt that came before is in the queue before the loop goes on: in known order.
        boolean interrupted = takeInterrupt();
        putDown(Event.PUT_DOWN);
        @Nullable VirtualMachineError failure = null;
        while (state.get() != BatonState.COROUTINE) {
            try {
                LockSupport.park(this);
                interrupted |= takeInterrupt();
            } catch (StackOverflowError | OutOfMemoryError e) {
                failure = e;
                takeBack();
            }
        }
        if (interrupted) {
            thread.interrupt();
        }
        if (failure != null) {
            throw failure;
        }
        return true;
    }

    /// If the loop has the baton already, since the coroutine had been parked once and was woken
    /// for nothing, the loop is asked to give it back.
    private void takeBack() {
        if (!changed(BatonState.PUT_DOWN, Event.TAKEN_BACK)) {
            askForBaton();
        }
    }

    /// Takes an interrupt, which would make the wait spin, and asks to be resumed because of it. On
    /// the coroutine, which sets its status again for `await` to see.
    private boolean takeInterrupt() {
        if (!Thread.interrupted()) {
            return false;
        }
        askForBaton();
        return true;
    }

    private void askForBaton() {
        if (!queued) {
            queued = true;
            loop.enqueue(this);
        }
    }

    /// Puts the baton down also where that is a mistake, and throws afterwards: a loop that waits
    /// for a coroutine which has ended must not wait for ever.
    private void putDown(Event event) {
        BatonState before = state.getAndSet(BatonState.COROUTINE.after(event));
        LockSupport.unpark(loop.carrier());
        before.after(event);
    }

    /// Changes the state unless the other thread was faster, and returns whether it has.
    private boolean changed(BatonState before, Event event) {
        return state.compareAndSet(before, before.after(event));
    }

    /// The loop's thread waits with a limit, again and again, for a coroutine that has put the
    /// baton down and does not park: that may have been woken for nothing, and then been lost.
    @Override
    boolean isStuckOn(Thread carrier) {
        Thread.State waiting = carrier.getState();
        return state.get().isAway()
                && (waiting == Thread.State.WAITING || waiting == Thread.State.TIMED_WAITING);
    }

    @Override
    void free(int looks) {
        BatonSchedule.free(thread, looks);
    }
}

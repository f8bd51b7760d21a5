package dev.gyre.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A coroutine that is a virtual thread carried by the loop's own thread.
///
/// It is the scheduler of that thread: the JDK hands it the thread's continuation whenever the
/// thread can run, from whichever thread made that so. One such object per coroutine tells the
/// coroutine's own continuation, the first it ever gets, from those of virtual threads that its
/// code starts: these inherit the scheduler, the JDK's own socket pollers among them, and belong to
/// the default one.
///
/// [#execute] is called in the innermost parts of the JDK, where an exception, a lock or a lack of
/// memory would break code that knows nothing of this loop. It therefore only sets a flag, links
/// itself into the loop's queue, and wakes the loop.
///
/// [CarrierLife] and [CarrierHandover] have the tables of its states.
///
/// **Three ways in which a resumption is no resumption.** While another thread looks at the stack
/// of a parked virtual thread, the JDK notes its unpark only, and the thread that looks hands over
/// the continuation afterwards: [#resume] has done nothing then, and says so. After such a look the
/// continuation is handed over once more than needed: [#run] does nothing then. And where the JDK
/// cannot unmount the thread, it parks the loop's thread below it, until the [Rescue] comes.
final class CarrierCoroutine extends Coroutine implements Executor {

    private static final VarHandle QUEUED = queuedHandle();

    /// After so many looks of the [Rescue] in a row, in a second or so, a coroutine could have
    /// suspended if anything but its stack kept it from that.
    private static final int LOOKS_MAX = 50;

    /// More bytes than most stacks have: if an array of these can be made, want of memory is not
    /// what keeps a coroutine from suspending.
    private static final int MEMORY_PROOF = 1 << 16;

    /// The virtual thread; replaced only if it could not be started.
    private Thread thread;

    /// The coroutine's own continuation, written by the first [#execute]; null before.
    private @Nullable Runnable continuation;

    /// Whether this step is in the loop's queue, or about to be. Set by any thread, and cleared by
    /// the loop's before it runs the continuation: a thread dump makes the JDK hand over the
    /// continuation of each runnable thread again, and nothing else bounds the queue then.
    @SuppressWarnings("unused") // Through the handle.
    private volatile boolean queued;

    /// The loop's own thread, and the coroutine on it.
    private CarrierLife life = CarrierLife.NEW;

    /// Bare loop thread.
    private CarrierHandover handover = CarrierHandover.NONE;

    CarrierCoroutine(LoopThread loop, Context context, String name, CoroutineBody body) {
        super(loop, context, body);
        this.thread = CarrierThreads.unstarted(this, name, body);
    }

    @Override
    boolean begun() {
        return life != CarrierLife.NEW;
    }

    @Override
    Thread thread() {
        return thread;
    }

    /// Any thread.
    @Override
    public void execute(Runnable runnableContinuation) {
        if (continuation == null) {
            continuation = runnableContinuation;
        } else if (continuation != runnableContinuation) {
            CarrierThreads.defaultScheduler().execute(runnableContinuation);
            return;
        }
        // The order matters: only the loop's own thread may look at the second.
        if (Thread.currentThread() == loop.carrier() && handover != CarrierHandover.NONE) {
            handover = handover.after(CarrierHandover.Event.HANDED_OVER);
        } else if (!(boolean) QUEUED.getAndSet(this, true)) {
            loop.enqueue(this);
        }
    }

    @Override
    boolean resume() {
        if (makeRunnable()) {
            mount();
        }
        if (life == CarrierLife.DUE && !thread.isAlive()) {
            goesOn();
        }
        return life != CarrierLife.DUE;
    }

    /// Returns whether the JDK has handed over the continuation at once.
    private boolean makeRunnable() {
        handover = handover.after(CarrierHandover.Event.RESUMED);
        boolean given;
        try {
            if (life == CarrierLife.NEW) {
                start();
            } else {
                due();
                LockSupport.unpark(thread);
            }
        } finally {
            given = handover == CarrierHandover.GIVEN;
            handover = handover.after(CarrierHandover.Event.TAKEN);
        }
        return given;
    }

    private void start() {
        if (thread.getState() != Thread.State.NEW) {
            thread = CarrierThreads.unstarted(this, thread.getName(), body);
        }
        continuation = null;
        thread.start();
        life = life.after(CarrierLife.Event.STARTED);
    }

    private void due() {
        CarrierLife before = life;
        life = before.after(CarrierLife.Event.RESUMED);
        if (before != CarrierLife.DUE) {
            loop.awaitsCoroutines(1);
        }
    }

    private void goesOn() {
        CarrierLife before = life;
        life = before.after(CarrierLife.Event.WENT_ON);
        if (before == CarrierLife.DUE) {
            loop.awaitsCoroutines(-1);
        }
    }

    /// Runs the coroutine because the JDK said so: the call that it was blocked in has ended.
    @Override
    void run() {
        queued = false;
        mount();
    }

    private void mount() {
        Runnable own = continuation;
        if (own != null) {
            loop.mount(this);
            try {
                own.run();
            } finally {
                loop.unmount(this);
            }
        }
    }

    @Override
    boolean suspend() {
        long number = loop.suspensionBegins();
        try {
            LockSupport.park(this);
            return !loop.isBrokenOff(number);
        } finally {
            loop.suspensionEnds();
            goesOn();
        }
    }

    /// While a coroutine is mounted its carrier has nothing to wait for, unless the JDK could not
    /// suspend the coroutine and has parked the carrier below it
    /// (`VirtualThread.parkOnCarrierThread`).
    @Override
    boolean isStuckOn(Thread carrier) {
        Thread.State state = carrier.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /// Wakes the coroutine, for it to try again: a want of memory is over by then in most cases.
    /// Whatever call the coroutine waits in, such a wake-up means nothing to it. If it is still
    /// stuck after that, and its stack tells why, the suspension is broken off: under the number
    /// that the suspension had before the look at the stack.
    @Override
    void free(int looks) {
        long number = loop.suspension();
        try {
            if (looks > 1 && cannotSuspend(looks)) {
                loop.breakOff(number);
            }
        } finally {
            LockSupport.unpark(thread);
        }
    }

    /// Returns whether this coroutine is parked on its carrier, in [#suspend], for what is on its
    /// stack. Not every cause shows there: a class that is being found, for one. So the suspension
    /// is hopeless too if it has failed again and again though there is memory.
    private boolean cannotSuspend(int looks) {
        boolean parkedOnCarrier = false;
        boolean suspending = false;
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (suspending) {
                if (frame.isNativeMethod() || frame.getMethodName().equals("<clinit>")) {
                    return true;
                }
            } else if (parkedOnCarrier) {
                suspending = frame.getClassName().equals(CarrierCoroutine.class.getName());
            } else {
                parkedOnCarrier = frame.getMethodName().equals("parkOnCarrierThread");
            }
        }
        return suspending && looks > LOOKS_MAX && new byte[MEMORY_PROOF].length > 0;
    }

    /// The loop is closed: what is left of the coroutine's code runs on a thread where `await`
    /// throws.
    @Override
    void dropped() {
        if (begun()) {
            LeftOvers.run(this);
        }
    }

    /// Runs what is left of the coroutine until that is blocked again. On the thread of the
    /// [LeftOvers].
    void runLeftOver() {
        queued = false;
        Runnable own = continuation;
        if (own != null) {
            own.run();
        }
    }

    private static VarHandle queuedHandle() {
        try {
            return MethodHandles.lookup()
                    .findVarHandle(CarrierCoroutine.class, "queued", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}

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
final class CarrierCoroutine extends Coroutine implements Executor {

    private static final VarHandle QUEUED = queuedHandle();

    private final Thread thread;

    /// The coroutine's own continuation. Written by the first [#execute], within `start`.
    private @Nullable Runnable continuation;

    /// Whether this step is in the loop's queue, or about to be. Set by any thread, and cleared by
    /// the loop's before it runs the continuation: a thread dump makes the JDK hand over the
    /// continuation of each runnable thread again, and nothing else bounds the queue then.
    @SuppressWarnings("unused") // Through the handle.
    private volatile boolean queued;

    /// True while [#resume] makes the thread runnable, so that it can be run at once instead of
    /// being queued. Bare loop thread.
    private boolean resuming;

    /// Whether `resume` got the continuation. Bare loop thread.
    private boolean runnable;

    private boolean started;

    /// Whether it was resumed and has not gone on. Usually that is over when [#resume] returns; but
    /// while another thread looks at its stack the JDK keeps the continuation, and hands it over
    /// afterwards.
    private boolean due;

    CarrierCoroutine(IOLoop loop, Context context, String name, Runnable body) {
        super(loop, context);
        this.thread = CarrierThreads.unstarted(this, name, body);
    }

    @Override
    boolean begun() {
        return started;
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
        if (Thread.currentThread() == loop.thread().carrier() && resuming) {
            runnable = true;
        } else if (!(boolean) QUEUED.getAndSet(this, true)) {
            loop.enqueue(this);
        }
    }

    @Override
    void resume() {
        resuming = true;
        if (started) {
            if (!due) {
                due = true;
                loop.thread().awaitsCoroutines(1);
            }
            LockSupport.unpark(thread);
        } else {
            started = true;
            thread.start();
        }
        resuming = false;
        if (runnable) {
            runnable = false;
            mount();
        }
        if (due && !thread.isAlive()) {
            goesOn();
        }
    }

    /// Runs it because the JDK said so: what it was blocked in has ended.
    @Override
    void run() {
        queued = false;
        mount();
    }

    private void mount() {
        Runnable own = continuation;
        if (own != null) {
            loop.thread().mount(this);
            own.run();
            loop.thread().unmount(this);
        }
    }

    @Override
    void suspend() {
        loop.thread().suspending(this);
        LockSupport.park(this);
        loop.thread().suspending(null);
        goesOn();
    }

    private void goesOn() {
        if (due) {
            due = false;
            loop.thread().awaitsCoroutines(-1);
        }
    }

    /// The loop is closed: the code that is left runs on a thread where `await` throws.
    @Override
    void dropped() {
        queued = false;
        Runnable own = continuation;
        if (own != null) {
            LeftOvers.run(new LeftOvers.Rest(loop, thread, own));
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

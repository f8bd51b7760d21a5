package dev.gyre.loop;

import java.util.concurrent.locks.LockSupport;

/// A coroutine that is an ordinary virtual thread, and passes one right to run, the baton, to and
/// fro with the loop's thread.
///
/// It needs nothing but public API, and holds the same promise: of a loop and its coroutines, one
/// runs at a time. But a coroutine that blocks in a JDK call keeps the baton, and the loop waits
/// with it: taking the baton back is impossible, since that call returns straight into user code.
///
/// Happens-before: all that the one side did before it gave the baton away is seen by the other,
/// through the volatile [#running].
final class BatonCoroutine extends Coroutine {

    private final Thread thread;

    /// Whether the coroutine has the baton. Set by the loop's thread, cleared by the coroutine's.
    private volatile boolean running;

    /// Whether this step is in the loop's queue. Set by the coroutine, which alone puts it there;
    /// cleared by the loop's thread.
    private volatile boolean queued;

    /// Bare loop thread.
    private boolean started;

    /// Set when the body has returned. Written with the baton in hand.
    private boolean ended;

    BatonCoroutine(IOLoop loop, Context context, String name, Runnable body) {
        super(loop, context);
        // A virtual thread's child gets its scheduler, which here is the default one.
        this.thread =
                Thread.ofVirtual()
                        .name(name)
                        .inheritInheritableThreadLocals(false)
                        .uncaughtExceptionHandler(Coroutines::uncaught)
                        .unstarted(() -> runAndEnd(body));
    }

    private void runAndEnd(Runnable body) {
        try {
            body.run();
        } finally {
            ended = true;
            giveBack();
        }
    }

    @Override
    boolean begun() {
        return started;
    }

    @Override
    Thread thread() {
        return thread;
    }

    @Override
    void resume() {
        if (ended) {
            return;
        }
        loop.thread().mount(this);
        running = true;
        if (started) {
            LockSupport.unpark(thread);
        } else {
            started = true;
            thread.start();
        }
        while (running) {
            LockSupport.park(this);
            // The status of the loop's thread means nothing, and set it would make this spin.
            Thread.interrupted();
        }
        loop.thread().unmount(this);
    }

    /// Runs it because it was interrupted while it waited.
    @Override
    void run() {
        queued = false;
        resume();
    }

    @Override
    void suspend() {
        // An interrupt that came before is in the queue before the loop goes on: in known order.
        boolean interrupted = takeInterrupt();
        giveBack();
        while (!running) {
            LockSupport.park(this);
            interrupted |= takeInterrupt();
        }
        if (interrupted) {
            thread.interrupt();
        }
    }

    /// Takes an interrupt, which would make the wait spin, and asks to be resumed because of it. On
    /// the coroutine, which keeps it for await.
    private boolean takeInterrupt() {
        if (!Thread.interrupted()) {
            return false;
        }
        if (!queued) {
            queued = true;
            loop.enqueue(this);
        }
        return true;
    }

    private void giveBack() {
        running = false;
        LockSupport.unpark(loop.thread().carrier());
    }
}

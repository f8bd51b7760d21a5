package dev.gyre.loop;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A signal that a loop listens to, as [IOLoop#onSignal] returns it.
public final class LoopSignal {

    private final IOLoop loop;
    private final String name;
    private final Callback callback;

    /// The context variables of whoever asked to be called.
    private final Context context;

    /// Whether the loop still listens. Loop thread.
    private boolean active = true;

    /// Opens when the loop begins with the oldest of the deliveries that it has not begun; null if
    /// it has begun with all. Set on the JVM's signal threads, cleared by the loop.
    private final AtomicReference<@Nullable CountDownLatch> unheard = new AtomicReference<>();

    /// Whether the callback runs: then the loop has heard, and comes to the next signal after it.
    /// Written by the loop, read by the JVM's signal threads.
    private volatile boolean isDelivering;

    LoopSignal(IOLoop loop, String name, Callback callback) {
        this.loop = loop;
        this.name = name;
        this.callback = callback;
        this.context = loop.thread().context();
    }

    /// Stops listening; a delivery on its way is dropped. When nobody in the process listens to the
    /// signal any more, what it did before (usually: end the process) is in force again. Harmless
    /// when repeated. Loop thread only.
    public void remove() {
        loop.checkThread("LoopSignal.remove");
        if (active) {
            // First, since there may be no memory for it: then this can be called again.
            Signals.remove(this);
            active = false;
            loop.forget(this);
        }
    }

    /// Returns the name without its prefix, such as `INT`.
    public String name() {
        return name;
    }

    /// Hands the signal to the loop, as a callback. Called on the JVM's signal thread.
    void raised() {
        unheard.compareAndSet(null, new CountDownLatch(1));
        loop.thread().enqueue(new CallbackStep(context, this::deliver, "signal " + name + " for"));
    }

    private void deliver() throws Exception {
        CountDownLatch begun = unheard.getAndSet(null);
        if (begun != null) {
            begun.countDown();
        }
        if (active) {
            isDelivering = true;
            try {
                callback.run();
            } finally {
                isDelivering = false;
            }
        }
    }

    /// Returns whether the loop runs, has not begun with a delivery, and is not at one before it.
    /// Any thread.
    boolean isUnheard() {
        return unheard.get() != null && !isDelivering && loop.thread().owner() != null;
    }

    /// Gives the loop a little time to begin with the deliveries there are, and returns whether it
    /// did not. A loop that does not run keeps them: see [IOLoop#onSignal]. Called on the JVM's
    /// signal thread, which may wait: it was started for this one signal.
    boolean staysUnheard(Duration patience) {
        CountDownLatch begun = unheard.get();
        if (begun == null) {
            return false;
        }
        try {
            return !begun.await(patience.toNanos(), TimeUnit.NANOSECONDS)
                    && unheard.get() == begun
                    && loop.thread().owner() != null;
        } catch (InterruptedException e) {
            // Somebody is looking for threads to end: then this signal has done its work.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Returns what loop it is, and what this is at. Any thread.
    String whatRuns() {
        return loop.name() + ", which is at:" + Watchdog.stackOf(loop.thread());
    }

    @Override
    public String toString() {
        return "signal " + name;
    }
}

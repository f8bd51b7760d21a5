package dev.gyre.loop;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Who runs a loop at this moment, and with which context variables.
///
/// "On the loop" means one comparison: the current thread is the [#owner]. That is the thread of
/// the mounted coroutine, or the loop's own thread, the *carrier*, between coroutines. A virtual
/// thread that merely inherited a coroutine's scheduler is never the owner.
final class LoopThread {

    private final IOLoop loop;

    private final Lifeline lifeline = new Lifeline(this);

    /// The thread that may touch the loop now; null while the loop does not run. Foreign threads
    /// compare it with themselves, and only the owner can ever find itself in it. So it is written
    /// with release semantics: a full fence would cost a tenth of a switch (SwitchBenchmark).
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    /// The thread that is in `start` or `close`; null while none is. Volatile for those who wake
    /// coroutines.
    private volatile @Nullable Thread carrier;

    /// The coroutine that runs now; null between coroutines. Loop thread.
    private @Nullable Coroutine mounted;

    /// The number of the suspension that began last, 0 once its coroutine has gone on, and less
    /// than 0 if the [Rescue] has broken it off. Numbers are never used again, so that a late
    /// rescue breaks off no other one.
    private final AtomicLong suspension = new AtomicLong();

    /// How many suspensions have begun. Loop thread.
    private long suspensions;

    /// How many coroutines were mounted. Written by the loop's thread; the [Rescue] reads it
    /// without an edge, and may be late.
    private long mounts;

    /// How many coroutines were resumed and have not gone on. Loop thread.
    private int due;

    /// The context variables of what runs now. Loop thread.
    private Context context = Context.EMPTY;

    /// What the carrier was called before it ran this loop.
    private String nameBefore = "";

    LoopThread(IOLoop loop) {
        this.loop = loop;
    }

    /// Begins to run the loop on this thread.
    void enter() {
        Thread thread = Thread.currentThread();
        nameBefore = thread.getName();
        thread.setName(loop.name());
        carrier = thread;
        owner.set(thread);
        Loops.add(loop);
    }

    /// The loop runs on this thread no longer.
    void leave() {
        Loops.remove(loop);
        owner.set(null);
        carrier = null;
        context = Context.EMPTY;
        // Set, it would make the next loop on this thread poll once for nothing.
        Thread.interrupted();
        Thread.currentThread().setName(nameBefore);
    }

    /// A coroutine is about to run. Bare loop thread.
    void mount(Coroutine coroutine) {
        mounts++;
        mounted = coroutine;
        context = coroutine.context;
        owner.setRelease(coroutine.thread());
    }

    /// The coroutine has suspended or ended. Bare loop thread.
    void unmount(Coroutine coroutine) {
        coroutine.context = context;
        context = Context.EMPTY;
        mounted = null;
        owner.setRelease(Thread.currentThread());
    }

    /// Counts the coroutines that were resumed, less those that have gone on. Loop thread.
    void awaitsCoroutines(int more) {
        due += more;
    }

    /// Returns whether a coroutine was resumed and has still to come. Loop thread.
    boolean awaitsCoroutines() {
        return due > 0;
    }

    /// Says that the mounted coroutine is about to suspend, and returns the number of that. On the
    /// coroutine.
    long suspensionBegins() {
        suspension.setRelease(++suspensions);
        return suspensions;
    }

    /// Returns whether the suspension of that number was broken off. On its coroutine.
    boolean isBrokenOff(long number) {
        return suspension.getAcquire() == -number;
    }

    /// Says that the coroutine goes on. On the coroutine.
    void suspensionEnds() {
        suspension.setRelease(0);
    }

    /// Returns the number of the suspension under way, or of the last one. Any thread.
    long suspension() {
        return suspension.getAcquire();
    }

    /// Ends the suspension of that number, if it is under way still. On the thread of the [Rescue].
    void breakOff(long number) {
        if (number > 0) {
            suspension.compareAndSet(number, -number);
        }
    }

    Lifeline lifeline() {
        return lifeline;
    }

    long mounts() {
        return mounts;
    }

    @Nullable Coroutine mounted() {
        return mounted;
    }

    @Nullable Thread carrier() {
        return carrier;
    }

    @Nullable Thread owner() {
        return owner.getAcquire();
    }

    Context context() {
        return context;
    }

    void context(Context changed) {
        context = changed;
    }

    boolean isOwnedBy(Thread thread) {
        return owner.getAcquire() == thread;
    }

    /// Refuses foreign threads while the loop runs.
    void check(String operation) {
        Thread holder = owner.getAcquire();
        if (holder != null && holder != Thread.currentThread()) {
            throw new IllegalStateException(
                    "%s was called on thread \"%s\" while %s runs on \"%s\"; use addCallback"
                            .formatted(
                                    operation,
                                    Thread.currentThread().getName(),
                                    loop,
                                    holder.getName()));
        }
    }
}

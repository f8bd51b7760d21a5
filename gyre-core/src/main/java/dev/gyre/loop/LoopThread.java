package dev.gyre.loop;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Who runs a loop at this moment, and with which context variables.
///
/// "On the loop" means one comparison: the current thread is the [#owner]. That is the thread of
/// the mounted coroutine, or the loop's own thread, the *carrier*, between coroutines. A virtual
/// thread that merely inherited a coroutine's scheduler is never the owner.
final class LoopThread {

    private final IOLoop loop;

    /// The thread that may touch the loop now; null while the loop does not run. Foreign threads
    /// compare it with themselves, and only the owner can ever find itself in it. So it is written
    /// with release semantics: a full fence would cost a tenth of a switch (SwitchBenchmark).
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    /// The thread that is in `start` or `close`; null while none is. Volatile for those who wake
    /// coroutines.
    private volatile @Nullable Thread carrier;

    /// The coroutine that runs now; null between coroutines. Loop thread.
    private @Nullable Coroutine mounted;

    /// The coroutine that is suspending, or did so last; null once it has been resumed. If it is
    /// the mounted one for long, something native on its stack keeps it from unmounting. Written
    /// with release semantics for the watchdog, the only reader.
    private final AtomicReference<@Nullable Coroutine> suspending = new AtomicReference<>();

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

    /// Says which coroutine is about to suspend; null when it goes on. On the coroutine.
    void suspending(@Nullable Coroutine coroutine) {
        suspending.setRelease(coroutine);
    }

    /// Returns the mounted coroutine if it is trying to suspend. Watchdog thread.
    @Nullable Coroutine mountedAndSuspending() {
        Coroutine candidate = suspending.getAcquire();
        return candidate == mounted ? candidate : null;
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

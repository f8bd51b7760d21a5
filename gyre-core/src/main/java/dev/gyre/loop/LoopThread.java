package dev.gyre.loop;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// All that the parts of a loop need of it: who runs it at this moment, with which context
/// variables, the queue for its next turn, and its clock. So they need not know [IOLoop], and can
/// be read, and tried, without it.
///
/// "On the loop" means one comparison: the current thread is the [#owner]. That is the thread of
/// the mounted coroutine, or the loop's own thread, the *carrier*, between coroutines. A virtual
/// thread that merely inherited a coroutine's scheduler is never the owner.
final class LoopThread {

    private static final int PLACES_MIN = 4;

    /// The threads of the loops that run; a place that is free holds null. Changed under the
    /// class's lock, and each change is published by writing the field anew; read without a lock. A
    /// loop that ends frees its place without any memory, since want of memory may be why it ends.
    private static volatile @Nullable LoopThread[] running = new @Nullable LoopThread[PLACES_MIN];

    /// The loop whose thread this is. The parts need no more of the loop than its text.
    private final Object loop;

    private final String name;
    private final TimeSource time;
    private final Runnable wakeUp;
    private final StepQueue queue = new StepQueue();
    private final Lifeline lifeline = new Lifeline(this);

    /// The thread that may touch the loop now; null while the loop does not run. Foreign threads
    /// compare it with themselves, and only the owner can ever find itself in it. So it is written
    /// with release semantics: a full fence would cost a tenth of a switch (SwitchBenchmark).
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    /// The thread that is in `start` or `close`; null while none is. Volatile for those who wake
    /// coroutines.
    private volatile @Nullable Thread carrier;

    /// The coroutine that runs now, the mounted one; null between coroutines. Loop thread.
    private @Nullable Coroutine mounted;

    /// The number of the suspension that began last, 0 once its coroutine has gone on, and less
    /// than 0 if the [Rescue] has broken it off. Numbers are never used again, so that a late
    /// rescue breaks off no other one.
    private final AtomicLong suspension = new AtomicLong();

    /// How many suspensions of coroutines have begun. Loop thread.
    private long suspensions;

    /// How many times a coroutine was mounted. Written by the loop's thread; the [Rescue] reads the
    /// number without a happens-before edge, and may be late.
    private long mounts;

    /// How many coroutines were resumed and have not gone on. Loop thread.
    private int due;

    /// What the loop's own work met in this turn; null if it found all the memory it needed. Loop
    /// thread.
    private @Nullable OutOfMemoryError shortage;

    /// The context variables of what runs now. Loop thread.
    private Context context = Context.EMPTY;

    /// What the carrier was called before it ran this loop.
    private String nameBefore = "";

    /// @param wakeUp ends the wait of the loop in its poller; called on any thread, also within the
    ///   JDK, so it neither throws nor waits, and allocates nothing
    LoopThread(Object loop, String name, TimeSource time, Runnable wakeUp) {
        this.loop = loop;
        this.name = name;
        this.time = time;
        this.wakeUp = wakeUp;
    }

    /// Returns the `LoopThread` of the loop which runs on this thread, or null. A process has about
    /// as many loops as cores, so looking at each of them is cheaper than a thread-local, and needs
    /// none.
    static @Nullable LoopThread currentOrNull() {
        Thread thread = Thread.currentThread();
        for (LoopThread each : running) {
            if (each != null && each.isOwnedBy(thread)) {
                return each;
            }
        }
        return null;
    }

    /// Returns the places of the loops that run, of which some are free. Any thread.
    static @Nullable LoopThread[] places() {
        return running;
    }

    private static synchronized void add(LoopThread begun) {
        @Nullable LoopThread[] places = running;
        int free = 0;
        while (free < places.length && places[free] != null) {
            free++;
        }
        if (free == places.length) {
            places = Arrays.copyOf(places, 2 * free);
        }
        places[free] = begun;
        running = places;
    }

    private static synchronized void remove(LoopThread ended) {
        @Nullable LoopThread[] places = running;
        for (int i = 0; i < places.length; i++) {
            if (places[i] == ended) {
                places[i] = null;
            }
        }
        running = places;
    }

    /// Begins to run the loop on this thread.
    void enter() {
        Thread thread = Thread.currentThread();
        nameBefore = thread.getName();
        thread.setName(name);
        carrier = thread;
        owner.set(thread);
        add(this);
    }

    /// The loop runs on this thread no longer.
    void leave() {
        remove(this);
        owner.set(null);
        carrier = null;
        context = Context.EMPTY;
        // The interrupt status, if set, would make the next loop on this thread poll once for
        // nothing (`Selector.select`).
        Thread.interrupted();
        Thread.currentThread().setName(nameBefore);
    }

    /// Adds a step to the next turn. Any thread, also within the JDK.
    void enqueue(Step step) {
        if (queue.add(step)) {
            wakeUp.run();
        }
    }

    /// Ends the wait of the loop in its poller, without a step for it. Any thread.
    void wake() {
        if (queue.wake()) {
            wakeUp.run();
        }
    }

    /// Returns the queue of steps, for the turn that empties it.
    StepQueue queue() {
        return queue;
    }

    /// Returns whether the loop is closed; what is added to its queue is dropped then. Any thread.
    boolean dropsSteps() {
        return queue.isClosed();
    }

    /// Returns the loop's name, for logs and threads.
    String name() {
        return name;
    }

    /// Returns the loop whose thread this is.
    Object loop() {
        return loop;
    }

    /// Returns the time on the loop's clock. Any thread.
    long nanos() {
        return time.nanos();
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

    /// Returns whether a coroutine was resumed and has still to go on. Loop thread.
    boolean awaitsCoroutines() {
        return due > 0;
    }

    /// Says that the mounted coroutine is about to suspend, and returns the number of this
    /// suspension. On the coroutine.
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

    /// Ends the suspension of that number, if that one is still under way. On the thread of the
    /// [Rescue].
    void breakOff(long number) {
        if (number > 0) {
            suspension.compareAndSet(number, -number);
        }
    }

    /// Notes that the loop's own work lacked memory, and will be tried again. Loop thread.
    void shortOfMemory(OutOfMemoryError failure) {
        shortage = failure;
    }

    boolean isShortOfMemory() {
        return shortage != null;
    }

    /// Returns what the loop's own work met in this turn for want of memory, or null, and forgets
    /// it.
    @Nullable OutOfMemoryError takeShortage() {
        OutOfMemoryError met = shortage;
        shortage = null;
        return met;
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

    /// Returns the context of the caller; the empty one on a foreign thread.
    Context contextForLater() {
        return isOwnedBy(Thread.currentThread()) ? context : Context.EMPTY;
    }

    boolean isOwnedBy(Thread thread) {
        return owner.getAcquire() == thread;
    }

    /// Refuses foreign threads while the loop runs.
    void check(String operation) {
        Thread holder = owner.getAcquire();
        if (holder != null && holder != Thread.currentThread()) {
            throw new IllegalStateException(
                    ("%s was called on thread \"%s\" while %s runs on \"%s\"; use addCallback, or,"
                                    + " to wait for it, as a shutdown hook has to,"
                                    + " submit(...).join()")
                            .formatted(
                                    operation,
                                    Thread.currentThread().getName(),
                                    loop,
                                    holder.getName()));
        }
    }

    /// Returns the text of the loop.
    @Override
    public String toString() {
        return loop.toString();
    }
}

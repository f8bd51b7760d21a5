package dev.gyre.verify.trial;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Task;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// A coroutine that finds no memory when it is to suspend parks the loop's own thread; and whatever
/// the loop itself allocates may fail. When memory is back, everything must go on.
final class HeapExhaustion implements Strain {

    private static final int TASKS = 10;

    /// The size of the first block, from which sizes fall to the smallest: the heap is filled
    /// wholly.
    private static final int BLOCK = 1 << 16;

    private static final int CRUMB = 16;

    private static final int BLOCKS_MAX = 4096;
    private static final long FULL_NANOS = 10_000_000;
    private static final long PERIOD_NANOS = 1_000_000_000;

    /// How often each task has gone on, and after how many shortages.
    private final long[] rounds = new long[TASKS];

    private final long[] survived = new long[TASKS];

    private long callbacks;

    /// Counted by the thread that fills the heap, once it has let go.
    private final AtomicLong shortages = new AtomicLong();

    private long shortagesOfTasks;

    /// What fills the heap. Here and below, its own thread only.
    private final Object[] filling = new Object[BLOCKS_MAX];

    /// How often there was no memory for a block of some size.
    private long filled;

    @Override
    public String run(Course course) throws Exception {
        // What is told of a failure must not be what fails next.
        IOLoop loop =
                new IOLoop(
                        LoopOptions.defaults().withUncaughtHandler((where, what, failure) -> {}));
        for (int i = 0; i < TASKS; i++) {
            int number = i;
            course.mustGoOn(
                    loop.spawn("suspending", () -> suspendAgainAndAgain(loop, course, number)));
        }
        course.mustGoOn(loop.spawn("calling", () -> callAgainAndAgain(loop)));
        course.strain("filler", this::fillOnce);
        course.run(loop);
        for (int i = 0; i < TASKS; i++) {
            // The last two may have come too close to the end, on a machine that is busy.
            if (survived[i] < shortages.get() - 2) {
                throw new AssertionError(
                        "task %d went on after %d of %d shortages"
                                .formatted(i, survived[i], shortages.get()));
            }
        }
        if (filled == 0) {
            throw new AssertionError("the heap was never full");
        }
        return String.format(
                Locale.ROOT,
                "%,d times without heap, met by tasks %,d times; %,d steps, %,d callbacks",
                shortages.get(),
                shortagesOfTasks,
                course.steps(),
                callbacks);
    }

    /// Every other round awaits something that is made anew, and may meet the shortage itself.
    private Void suspendAgainAndAgain(IOLoop loop, Course course, int number) {
        while (true) {
            try {
                Task.pause();
                if (rounds[number] % 2 == 0) {
                    awaitSomething(loop);
                } else if (loop.spawn("child", () -> number).await() != number) {
                    throw new AssertionError("awaited another task");
                }
            } catch (OutOfMemoryError e) {
                shortagesOfTasks++;
            }
            rounds[number]++;
            survived[number] = shortages.get();
            course.progress();
        }
    }

    private static void awaitSomething(IOLoop loop) {
        LoopFuture<Integer> future = new LoopFuture<>(loop);
        loop.callLater(Duration.ZERO, () -> future.complete(1));
        if (future.await() != 1) {
            throw new AssertionError("awaited something else");
        }
    }

    private Void callAgainAndAgain(IOLoop loop) {
        while (true) {
            try {
                loop.addCallback(() -> callbacks++);
                Task.sleep(Duration.ofMillis(1));
            } catch (OutOfMemoryError e) {
                shortagesOfTasks++;
                Task.pause();
            }
        }
    }

    private void fillOnce() {
        try {
            fill();
        } finally {
            empty();
            shortages.incrementAndGet();
        }
        LockSupport.parkNanos(PERIOD_NANOS);
    }

    /// Calls nobody: to find a class for the first time takes memory.
    private void empty() {
        for (int i = 0; i < filling.length; i++) {
            filling[i] = null;
        }
    }

    /// Takes all of the heap, in smaller and smaller blocks, and holds it for a while.
    private void fill() {
        int count = 0;
        for (int size = BLOCK; size >= CRUMB; size /= 2) {
            try {
                while (count < BLOCKS_MAX) {
                    filling[count] = new byte[size];
                    count++;
                }
            } catch (OutOfMemoryError e) {
                filled++;
            }
        }
        long end = System.nanoTime() + FULL_NANOS;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}

package dev.gyre.testing;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Poller;
import dev.gyre.loop.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// A loop that the test's own thread drives, on a clock that stands still.
///
/// ```java
/// try (TestLoop test = new TestLoop()) {
///     test.loop().callLater(Duration.ofHours(1), () -> fired.add("an hour"));
///
///     test.advance(Duration.ofHours(1));
///
///     assertThat(fired).containsExactly("an hour");
/// }
/// ```
///
/// Between calls of these methods the loop does not run, so the test may use it freely. A test loop
/// belongs to the thread that made it.
public final class TestLoop implements AutoCloseable {

    /// After how many turns in a row a loop is taken for one that will never be idle: enough for a
    /// test that counts to a hundred thousand, few enough to be reached within seconds.
    private static final int TURNS_MAX = 100_000;

    /// How long a real wait lasts before the condition of [#runUntil] is looked at again: somebody
    /// may make it true without waking the loop.
    private static final long SLICE_NANOS = 5_000_000;

    /// How long a loop is waited for that is not idle though it has nothing to run. It may have a
    /// coroutine at whose stack another thread looks, or a callback that is blocked in the JDK,
    /// perhaps for ever.
    private static final long AWAY_NANOS_MAX = 1_000_000_000;

    private static final long SEED_DEFAULT = 20_250_916;

    private final ManualTime time = new ManualTime();
    private final long seed = Long.getLong("gyre.seed", SEED_DEFAULT);
    private final DrivenPoller poller;
    private final OffLoopWork work;
    private final IOLoop loop;

    /// The open ends of connections in memory on this loop. Kept, since a loop that the test has
    /// closed cannot be asked for them any more.
    private final Set<MemoryTransport> memoryEnds;

    /// Whether the last run came to its own end, and not by a stop of the code under test.
    private boolean cameToItsEnd;

    /// How long after the last run the next timer is due; `Long.MAX_VALUE` if there is none.
    private long nanosToNextTimer;

    /// How many polls there were since the run began.
    private int turns;

    /// Whether the run was broken off by an interrupt, such as the one that ends a test at its time
    /// limit.
    private boolean interrupted;

    /// Makes a loop with manual time and otherwise the default options.
    public TestLoop() {
        this(UnaryOperator.identity());
    }

    /// Makes a loop whose other options the test chooses.
    ///
    /// @param customise changes the options that the test kit has set; their clock and poller must
    ///   be kept
    public TestLoop(UnaryOperator<LoopOptions> customise) {
        this(Poller::open, customise);
    }

    /// Makes a loop over a poller of the test's own, which may play the kernel.
    ///
    /// @param opener opens the poller that is asked what is ready
    /// @param customise changes the options that the test kit has set; their clock and poller must
    ///   be kept
    /// @throws IllegalArgumentException if the options have another poller or clock
    public TestLoop(Supplier<? extends Poller> opener, UnaryOperator<LoopOptions> customise) {
        poller = new DrivenPoller(opener.get());
        work = new OffLoopWork(poller::wakeup);
        List<Poller> opened = new ArrayList<>();
        LoopOptions options =
                LoopOptions.defaults()
                        .withTimeSource(time)
                        .withRandom(new SplittableRandom(seed))
                        .withExecutor(work)
                        .withPoller(() -> {
                            opened.add(poller);
                            return poller;
                        });
        loop = new IOLoop(customise.apply(options));
        memoryEnds = MemoryTransport.openOn(loop);
        long before = loop.time();
        time.advance(Duration.ofNanos(1));
        if (opened.isEmpty() || loop.time() - before != 1) {
            loop.close();
            throw new IllegalArgumentException(
                    "a TestLoop drives its own poller and clock, so the options must keep them;"
                            + " a poller can be given to the constructor");
        }
    }

    /// Returns the loop.
    public IOLoop loop() {
        return loop;
    }

    /// Returns the clock of the loop.
    public ManualTime time() {
        return time;
    }

    /// Returns the seed of the loop's random numbers: that of `-Dgyre.seed`, or a fixed one.
    public long seed() {
        return seed;
    }

    /// Runs turns until nothing is runnable: no callback is queued, no timer due, no channel ready,
    /// and what [IOLoop#runInExecutor] began is done. Returns early if the code under test stops
    /// the loop.
    ///
    /// The kernel decides whether a channel is ready, and bytes that were sent a moment ago need
    /// not have arrived: where sockets are involved, use [#runUntil].
    ///
    /// @throws IllegalStateException if the loop is closed, or never comes to rest
    public void runUntilIdle() {
        run(this::pollUntilIdle);
    }

    /// Moves the clock forward, from deadline to deadline, and at each of them runs until idle. So
    /// every timer runs at its exact time, also one that an earlier timer has made. Returns early
    /// if the code under test stops the loop; the clock then shows when it did.
    ///
    /// @throws IllegalArgumentException if `duration` is negative
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("manual time only moves forward: " + duration);
        }
        long target = time.nanos() + duration.toNanos();
        run(this::pollUntilIdle);
        while (cameToItsEnd && time.nanos() - target < 0) {
            long left = target - time.nanos();
            time.moveTo(time.nanos() + Math.min(left, nanosToNextTimer));
            run(this::pollUntilIdle);
        }
    }

    /// Runs the loop, which really waits in its poller, until `condition` holds: for sockets and
    /// foreign threads. The clock stands still meanwhile. Does nothing if the condition holds
    /// already.
    ///
    /// @param condition asked on this thread between turns
    /// @throws IllegalStateException if the code under test stops the loop before
    public void runUntil(BooleanSupplier condition) {
        if (condition.getAsBoolean()) {
            return;
        }
        run((timeoutNanos, driven) -> pollUntil(condition, timeoutNanos));
        if (!cameToItsEnd && !condition.getAsBoolean()) {
            throw new IllegalStateException(
                    loop + " was stopped before the condition of runUntil held");
        }
    }

    /// Returns what a tidy test would not have left, each in words: registered channels, open ends
    /// of connections in memory, pending timers, and tasks that have not ended. Where there is any,
    /// and the loop has something to run, that is told too.
    public List<String> leftovers() {
        List<String> left = new ArrayList<>();
        for (String channel : poller.watched()) {
            left.add("a channel is still registered: " + channel + "; close it or removeHandler");
        }
        for (MemoryTransport end : memoryEnds) {
            left.add("an end of a connection is still open: " + end + "; close it");
        }
        int timers = loop.metrics().timers();
        if (timers > 0) {
            left.add(
                    timers
                            + (timers == 1 ? " timer is" : " timers are")
                            + " still pending; cancel, stop the PeriodicCallback, or advance the"
                            + " time for tasks that sleep");
        }
        for (Task<?> task : tasks()) {
            left.add("a task has not ended: " + task.name() + "; " + whatToDo(task));
        }
        if (!left.isEmpty() && loop.runningThread() == null && !loop.isIdle()) {
            left.add("something is still queued; test.runUntilIdle() runs it, and what follows");
        }
        return left;
    }

    /// Returns the stack of the loop if it runs, which is on another thread then; else what its
    /// tasks do. Empty if there are none.
    String whereabouts() {
        Thread running = loop.runningThread();
        if (running != null) {
            StringBuilder lines = new StringBuilder(loop + " is here:\n");
            for (StackTraceElement frame : running.getStackTrace()) {
                lines.append("    at ").append(frame).append('\n');
            }
            return lines.toString();
        }
        return tasks().isEmpty() ? "" : loop.dumpTasks();
    }

    private static String whatToDo(Task<?> task) {
        return task.isBlocked() ? "it is blocked in a call of the JDK" : "cancel it";
    }

    private List<Task<?>> tasks() {
        try {
            return loop.tasks();
        } catch (IllegalStateException e) {
            // The loop runs on another thread and cannot be closed, which is reported elsewhere.
            return List.of();
        }
    }

    /// Closes the loop, and interrupts the jobs of [IOLoop#runInExecutor] that are not done.
    ///
    /// @throws IllegalStateException if the loop runs, which is on another thread then
    @Override
    public void close() {
        work.close();
        loop.close();
    }

    private void run(DrivenPoller.Driver driver) {
        if (loop.runningThread() != null) {
            throw new IllegalStateException(
                    loop + " runs already: code on the loop cannot drive it; that is for the test");
        }
        cameToItsEnd = false;
        turns = 0;
        interrupted = false;
        poller.drivenBy(driver);
        try {
            loop.start();
        } finally {
            poller.drivenBy((timeoutNanos, driven) -> driven.look(timeoutNanos));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted after " + turns + " turns; watched: " + poller.watched());
        }
        if (turns > TURNS_MAX) {
            throw new IllegalStateException(
                    ("%s is not idle after %d turns: a callback keeps adding callbacks,"
                                    + " or a channel stays ready; watched: %s")
                            .formatted(loop, TURNS_MAX, poller.watched()));
        }
    }

    private void pollUntilIdle(long timeoutNanos, DrivenPoller driven) throws IOException {
        turns++;
        // Jobs are counted before the look: if one ends after the count, its callback wakes the
        // loop, which the look notices.
        boolean working = work.outstanding() > 0;
        boolean mayWait = timeoutNanos > 0;
        boolean moreToDo = driven.look(mayWait ? nanosToWait(working) : 0);
        if (mayWait && !working && !moreToDo) {
            cameToItsEnd = true;
            nanosToNextTimer = timeoutNanos;
            loop.stop();
        }
        if (turns > TURNS_MAX) {
            loop.stop();
        }
        stopIfInterrupted();
    }

    private long nanosToWait(boolean working) {
        if (working) {
            return Long.MAX_VALUE;
        }
        return loop.isIdle() ? 0 : AWAY_NANOS_MAX;
    }

    private void pollUntil(BooleanSupplier condition, long timeoutNanos) throws IOException {
        turns = 1;
        if (condition.getAsBoolean()) {
            cameToItsEnd = true;
            loop.stop();
            return;
        }
        poller.look(Math.min(timeoutNanos, SLICE_NANOS));
        stopIfInterrupted();
    }

    /// The loop clears the interrupt status when its poll returns, so it must be noticed here.
    private void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            interrupted = true;
            loop.stop();
        }
    }

    @Override
    public String toString() {
        return "TestLoop[%s, %s, gyre.seed=%d]".formatted(loop, time, seed);
    }
}

package dev.gyre.testing;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The thread on which the seeds of a test run, watched by the test's own: a seed that does not end
/// is given up, and reported with its number and the stack of where it is.
final class SeedThread {

    /// How long a seed that was told to end is waited for.
    private static final long GRACE_SECONDS = 2;

    private final String test;
    private final Duration limit;

    /// The seed that runs; null before the first. Set by the thread of the seeds, read by the
    /// test's.
    private volatile @Nullable Seed current;

    /// A seed that runs, and when it began, by [System#nanoTime].
    private record Seed(Simulation simulation, long begun) {}

    /// @param limit the real time that one seed may take
    SeedThread(String test, Duration limit) {
        this.test = test;
        this.limit = limit;
    }

    /// Notes that a seed begins. Called on the thread of the seeds.
    Simulation begins(Simulation simulation) {
        current = new Seed(simulation, System.nanoTime());
        return simulation;
    }

    /// Runs all seeds, and throws what they throw.
    ///
    /// @throws AssertionError if one of them does not end in time, or this thread is interrupted
    void run(Runnable seeds) throws Throwable {
        FutureTask<?> task = new FutureTask<>(seeds, null);
        Thread thread = Thread.ofPlatform().daemon().name("seeds of " + test).start(task);
        while (true) {
            Seed seed = current;
            long left = limit.toNanos() - (seed == null ? 0 : System.nanoTime() - seed.begun);
            try {
                task.get(left, TimeUnit.NANOSECONDS);
                return;
            } catch (ExecutionException e) {
                throw Objects.requireNonNull(e.getCause());
            } catch (TimeoutException e) {
                if (seed != null && seed == current) {
                    throw givenUp(seed, thread, task, "has not ended after " + limit);
                }
            } catch (InterruptedException e) {
                if (seed != null) {
                    throw givenUp(seed, thread, task, "was interrupted");
                }
            }
        }
    }

    private AssertionError givenUp(Seed seed, Thread thread, FutureTask<?> task, String why) {
        Throwable where = new Throwable("it is here");
        where.setStackTrace(seed.simulation.runningThread(thread).getStackTrace());
        seed.simulation.giveUp();
        AssertionError failure =
                new AssertionError(
                        "-Dgyre.sim.seed=%d fails %s: it %s of real time, and is at %s of its own"
                                .formatted(
                                        seed.simulation.seed(),
                                        test,
                                        why,
                                        seed.simulation.elapsed()),
                        where);
        try {
            task.get(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            failure.addSuppressed(Objects.requireNonNull(e.getCause()));
        } catch (TimeoutException | InterruptedException e) {
            failure.addSuppressed(new Throwable("it cannot be ended, and goes on"));
        }
        return failure;
    }
}

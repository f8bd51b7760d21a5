package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopQueue;
import dev.gyre.sync.LoopSemaphore;
import dev.gyre.sync.Permit;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;

/// Timers, deadlines, permits and items, in a time where many of them fall together.
class TasksInSimulationTest {

    private static final int TASKS = 20;

    /// Returns one of few moments, so that events coincide.
    private static Duration moment(Random random) {
        return Duration.ofMillis(random.nextInt(8));
    }

    /// Some tasks spawn others, or cancel those that are due at the same moment.
    @SimTest(seeds = 200)
    void timersRunInTheOrderOfTheirDeadlinesAndThenOfTheirMaking(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        TimerAudit audit = new TimerAudit(simulation, host);
        List<TimerAudit.Timer> timers = new ArrayList<>();
        host.run(() -> {
            for (int i = 0; i < TASKS; i++) {
                timers.add(audit.callLater(moment(random), () -> disturb(audit, timers, random)));
            }
            return true;
        });

        simulation.run();
    }

    private static void disturb(TimerAudit audit, List<TimerAudit.Timer> timers, Random random) {
        timers.get(random.nextInt(timers.size())).cancel();
        if (random.nextBoolean()) {
            timers.add(audit.callLater(moment(random), () -> disturb(audit, timers, random)));
        }
    }

    @SimTest(seeds = 200)
    void noPermitIsLostOrDoubled(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        LoopSemaphore semaphore = host.run(() -> LoopSemaphore.bounded(IOLoop.current(), 2));
        int[] holders = {0};
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            tasks.add(host.start(() -> holdPermits(semaphore, random, holders)));
        }
        cancelSome(host, random, tasks);

        simulation.run();

        assertThat(holders[0]).isZero();
        assertThat(semaphore.available()).isEqualTo(2);
    }

    private static boolean holdPermits(LoopSemaphore semaphore, Random random, int[] holders) {
        for (int i = 0; i < 5; i++) {
            TimerAudit.sleep(moment(random));
            try (Permit permit = semaphore.acquire().await(moment(random))) {
                assertThat(permit).isNotNull();
                holders[0]++;
                try {
                    assertThat(holders[0]).isLessThanOrEqualTo(2);
                    TimerAudit.sleep(moment(random));
                } finally {
                    holders[0]--;
                }
            } catch (DeadlineExceededException e) {
                // Others hold the permits.
            }
        }
        return true;
    }

    /// Cancels tasks in the very turns in which others give their permits back.
    private static void cancelSome(SimulatedHost host, Random random, List<Task<?>> tasks) {
        for (Task<?> task : tasks) {
            task.onDone(value -> {}, TasksInSimulationTest::mustBeCancelled);
            if (random.nextInt(3) == 0) {
                Duration wait = moment(random).multipliedBy(3);
                host.start(() -> {
                    TimerAudit.sleep(wait);
                    return task.cancel();
                });
            }
        }
    }

    private static void mustBeCancelled(Throwable failure) {
        if (!(failure instanceof CancellationException)) {
            throw new AssertionError(failure);
        }
    }

    @SimTest(seeds = 200)
    void noItemIsLostOrDoubled(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        LoopQueue<Integer> queue = host.run(() -> LoopQueue.fifo(IOLoop.current(), 3));
        List<Integer> put = new ArrayList<>();
        List<Integer> got = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            int base = i * 100;
            host.start(() -> putSome(queue, random, base, put));
            host.start(() -> getSome(queue, random, got));
        }

        simulation.run();
        host.run(() -> {
            while (queue.size() > 0) {
                got.add(queue.take().await());
            }
            return true;
        });

        assertThat(got).containsExactlyInAnyOrderElementsOf(put);
    }

    private static boolean putSome(
            LoopQueue<Integer> queue, Random random, int base, List<Integer> put) {
        for (int i = 0; i < 5; i++) {
            TimerAudit.sleep(moment(random));
            try {
                queue.put(base + i).await(moment(random));
                put.add(base + i);
            } catch (DeadlineExceededException e) {
                // The queue was full.
            }
        }
        return true;
    }

    private static boolean getSome(LoopQueue<Integer> queue, Random random, List<Integer> got) {
        for (int i = 0; i < 5; i++) {
            TimerAudit.sleep(moment(random));
            try {
                got.add(queue.take().await(moment(random)));
            } catch (DeadlineExceededException e) {
                // The queue was empty.
            }
        }
        return true;
    }

    /// Whatever is nested, nobody sleeps longer than the shortest deadline around.
    @SimTest(seeds = 200)
    void theShortestOfTheDeadlinesAroundCounts(Simulation simulation) {
        Random random = new Random(simulation.seed());
        Duration inner = Duration.ofMillis(1 + random.nextInt(50));
        Duration outer = Duration.ofMillis(1 + random.nextInt(50));
        Duration sleep = Duration.ofMillis(1 + random.nextInt(50));
        Duration begun = simulation.elapsed();

        String end =
                simulation
                        .host("host")
                        .run(() -> {
                            try {
                                return Task.withDeadline(outer, () -> sleepWithin(inner, sleep));
                            } catch (DeadlineExceededException e) {
                                return "outer";
                            }
                        });

        Duration first = inner.compareTo(outer) < 0 ? inner : outer;
        Duration expected = sleep.compareTo(first) < 0 ? sleep : first;
        assertThat(simulation.elapsed().minus(begun)).isEqualTo(expected);
        if (sleep.compareTo(first) < 0) {
            assertThat(end).isEqualTo("slept");
        }
    }

    private static String sleepWithin(Duration limit, Duration time) throws Exception {
        return Task.withDeadline(
                limit,
                () -> {
                    TimerAudit.sleep(time);
                    return "slept";
                });
    }
}

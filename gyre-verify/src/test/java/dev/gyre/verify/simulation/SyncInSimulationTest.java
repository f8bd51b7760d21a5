package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopCondition;
import dev.gyre.sync.LoopLock;
import dev.gyre.sync.LoopQueue;
import dev.gyre.sync.Permit;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future.State;

/// Locks, conditions and queues, whose waiters give up and are cancelled at any moment.
class SyncInSimulationTest {

    private static final int TASKS = 20;

    /// Returns one of few moments, so that events coincide.
    private static Duration moment(Random random) {
        return Duration.ofMillis(random.nextInt(8));
    }

    /// Runs a task, and perhaps cancels it while it runs.
    private static void startAndPerhapsCancel(
            SimulatedHost host, Random random, Callable<Boolean> body) {
        Task<Boolean> task = host.start(body);
        task.onDone(
                value -> {},
                failure -> {
                    if (!(failure instanceof CancellationException)) {
                        throw new AssertionError(failure);
                    }
                });
        if (random.nextInt(3) == 0) {
            Duration wait = moment(random).multipliedBy(3);
            host.start(() -> {
                TimerAudit.sleep(wait);
                return task.cancel();
            });
        }
    }

    @SimTest(seeds = 200)
    void aLockHasOneHolderAndIsFreeInTheEnd(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        LoopLock lock = new LoopLock(host.loop());
        int[] holders = {0};
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            startAndPerhapsCancel(host, random, () -> holdLock(lock, random, holders, wrong));
        }

        simulation.run();

        assertThat(wrong).isEmpty();
        assertThat(holders[0]).isZero();
        assertThat(lock.isLocked()).isFalse();
    }

    private static boolean holdLock(
            LoopLock lock, Random random, int[] holders, List<String> wrong) {
        for (int i = 0; i < 5; i++) {
            TimerAudit.sleep(moment(random));
            try (Permit permit = lock.acquire().await(moment(random))) {
                holders[0]++;
                sleepAlone(permit, random, holders, wrong);
            } catch (DeadlineExceededException e) {
                // Others hold it.
            }
        }
        return true;
    }

    private static void sleepAlone(
            Permit permit, Random random, int[] holders, List<String> wrong) {
        try {
            TimerAudit.sleep(moment(random));
        } finally {
            if (holders[0] != 1) {
                wrong.add("%s has %d holders".formatted(permit, holders[0]));
            }
            holders[0]--;
        }
    }

    /// A signal reaches those who have waited longest, as many as it is for, and nobody else.
    @SimTest(seeds = 200)
    void aSignalWakesJustThoseItIsFor(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        LoopCondition condition = new LoopCondition(host.loop());
        List<LoopFuture<?>> waiting = new ArrayList<>();
        int[] woken = {0};
        for (int i = 0; i < TASKS; i++) {
            startAndPerhapsCancel(host, random, () -> waitOften(condition, random, waiting, woken));
        }
        int[] signalled = {0};
        host.start(() -> {
            for (int i = 0; i < TASKS; i++) {
                TimerAudit.sleep(moment(random));
                signalled[0] += signal(condition, random.nextInt(5), waiting);
            }
            return true;
        });

        simulation.run();

        assertThat(woken[0]).isLessThanOrEqualTo(signalled[0]);
        assertThat(waiting).allMatch(LoopFuture::isDone);
    }

    private static boolean waitOften(
            LoopCondition condition, Random random, List<LoopFuture<?>> waiting, int[] woken) {
        for (int i = 0; i < 5; i++) {
            TimerAudit.sleep(moment(random));
            LoopFuture<?> signal = condition.whenSignalled();
            waiting.add(signal);
            try {
                signal.await(moment(random));
                woken[0]++;
            } catch (DeadlineExceededException e) {
                // The time was up before anybody signalled.
            }
        }
        return true;
    }

    private static int signal(LoopCondition condition, int count, List<LoopFuture<?>> waiting) {
        List<LoopFuture<?>> pending = waiting.stream().filter(each -> !each.isDone()).toList();
        int expected = Math.min(count, pending.size());
        condition.signal(count);
        assertThat(pending.stream().limit(expected)).allMatch(LoopFuture::isDone);
        assertThat(pending.stream().skip(expected)).noneMatch(LoopFuture::isDone);
        return expected;
    }

    /// What was put was got once, or is still there, also when those who put and take are cancelled
    /// in the turn in which they get what they wait for.
    @SimTest(seeds = 200)
    void aQueueLosesNothingToThoseWhoGiveUp(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        int sizeMax = 1 + random.nextInt(3);
        LoopQueue<Integer> queue = LoopQueue.fifo(host.loop(), sizeMax);
        List<LoopFuture<?>> puts = new ArrayList<>();
        List<LoopFuture<Integer>> takes = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            startAndPerhapsCancel(host, random, () -> putSome(queue, random, puts));
            startAndPerhapsCancel(host, random, () -> takeSome(queue, random, takes));
        }

        simulation.run();
        List<Integer> got = new ArrayList<>();
        takes.stream()
                .filter(SyncInSimulationTest::succeeded)
                .forEach(take -> got.add(take.resultNow()));
        assertThat(queue.size()).isLessThanOrEqualTo(sizeMax);
        host.run(() -> {
            while (!queue.isEmpty()) {
                got.add(queue.take().await());
            }
            return true;
        });

        List<Integer> put = new ArrayList<>();
        for (int i = 0; i < puts.size(); i++) {
            if (succeeded(puts.get(i))) {
                put.add(i);
            }
        }
        assertThat(got).containsExactlyInAnyOrderElementsOf(put);
    }

    private static boolean succeeded(LoopFuture<?> future) {
        return future.state() == State.SUCCESS;
    }

    private static boolean putSome(
            LoopQueue<Integer> queue, Random random, List<LoopFuture<?>> puts) {
        for (int i = 0; i < 5; i++) {
            TimerAudit.sleep(moment(random));
            LoopFuture<?> put = queue.put(puts.size());
            puts.add(put);
            awaitAWhile(put, random);
        }
        return true;
    }

    private static boolean takeSome(
            LoopQueue<Integer> queue, Random random, List<LoopFuture<Integer>> takes) {
        for (int i = 0; i < 5; i++) {
            TimerAudit.sleep(moment(random));
            LoopFuture<Integer> take = queue.take();
            takes.add(take);
            awaitAWhile(take, random);
        }
        return true;
    }

    private static void awaitAWhile(LoopFuture<?> future, Random random) {
        try {
            future.await(moment(random));
        } catch (DeadlineExceededException e) {
            // The queue is full, or empty.
        }
    }

    /// A timer is never early, and in a simulation never late.
    @SimTest(seeds = 200)
    void timersAreOnTime(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        TimerAudit audit = new TimerAudit(simulation, host);
        int[] ran = {0};
        for (int i = 0; i < TASKS; i++) {
            Duration delay = Duration.ofNanos(random.nextLong(1, 5_000_000_000L));
            audit.callLater(delay, () -> ran[0]++);
        }

        simulation.run();

        assertThat(ran[0]).isEqualTo(TASKS);
    }
}

package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Callback;
import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopLock;
import dev.gyre.sync.LoopQueue;
import dev.gyre.sync.LoopSemaphore;
import dev.gyre.sync.Permit;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Tasks that wait, time out and are cancelled at random, from a seed. All times are whole
/// milliseconds of virtual time, so grants, time-outs and cancellations often meet in one turn.
class SyncStormTest {

    private static final int STEPS = 20_000;
    private static final int TASKS_MAX = 30;
    private static final int MILLIS_MAX = 6;

    /// Tasks inside the critical section now, and the most there have been.
    private int inside;

    private int insideMax;

    /// How often each of the ways out was taken: a storm without one of them would prove little.
    private int granted;

    private int timedOut;
    private int cancelled;

    /// What ended tasks and should not have.
    private final List<Throwable> unexpected = new ArrayList<>();

    private int lastItem;

    private final List<Integer> accepted = new ArrayList<>();
    private final List<Integer> taken = new ArrayList<>();

    @GyreTest
    void noPermitOfASemaphoreIsLostOrDoubled(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 3);

        storm(
                test,
                number -> enter(test.loop(), semaphore::acquire),
                () -> assertThat(semaphore.available() + inside).isEqualTo(3));

        assertThat(insideMax).isEqualTo(3);
        assertThat(semaphore).hasToString("LoopSemaphore[3 available, 0 waiting]");
    }

    @GyreTest
    void noLockIsLostOrHeldTwice(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());

        storm(
                test,
                number -> enter(test.loop(), lock::acquire),
                () -> assertThat(lock.isLocked() ? 1 : 0).isEqualTo(inside));

        assertThat(insideMax).isEqualTo(1);
        assertThat(lock).hasToString("LoopLock[unlocked, 0 waiting]");
    }

    @GyreTest
    void noItemOfAQueueIsLostOrDoubled(TestLoop test) {
        LoopQueue<Integer> queue = LoopQueue.fifo(test.loop(), 3);

        storm(
                test,
                number -> {
                    // Now many put and few take, now the other way round: both must wait a lot.
                    int puttersOfFour = number / 500 % 2 == 0 ? 1 : 3;
                    if (number % 4 < puttersOfFour) {
                        int item = ++lastItem;
                        await(test.loop(), queue.put(item));
                        accepted.add(item);
                    } else {
                        taken.add(await(test.loop(), queue.take()));
                    }
                    Task.sleep(millis(test.loop()));
                },
                () -> assertThat(accepted.size() - taken.size()).isEqualTo(queue.size()));

        for (Integer item = queue.tryTake(); item != null; item = queue.tryTake()) {
            taken.add(item);
        }
        assertThat(taken).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(accepted);
        assertThat(queue.toString()).contains("waiting to take: 0, to put: 0");
    }

    /// What the task of a given number does.
    private interface Work {

        void run(int number) throws Exception;
    }

    private void storm(TestLoop test, Work work, Callback invariant) {
        System.out.println("gyre.seed=" + test.seed());
        RandomGenerator random = test.loop().random();
        try {
            for (int step = 0; step < STEPS; step++) {
                List<Task<?>> tasks = test.loop().tasks();
                if (tasks.size() == TASKS_MAX) {
                    // Otherwise a line of patient takers would never end.
                    tasks.get(random.nextInt(TASKS_MAX)).cancel();
                } else {
                    spawn(test.loop(), step, work);
                }
                if (random.nextInt(4) == 0) {
                    test.advance(Duration.ofMillis(random.nextInt(MILLIS_MAX)));
                    invariant.run();
                }
            }
            test.loop().tasks().forEach(Task::cancel);
            test.advance(Duration.ofMillis(MILLIS_MAX));
            invariant.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(test.loop().tasks()).isEmpty();
        assertThat(inside).isZero();
        assertThat(unexpected).isEmpty();
        assertThat(List.of(granted, timedOut, cancelled)).allMatch(count -> count > 100);
    }

    private void spawn(IOLoop loop, int number, Work work) {
        boolean stubborn = loop.random().nextInt(10) == 0;
        Task<?> task =
                loop.spawn(
                        "task " + number,
                        () -> {
                            try {
                                work.run(number);
                            } catch (CancellationException e) {
                                if (stubborn) {
                                    work.run(number);
                                }
                                throw e;
                            } catch (DeadlineExceededException e) {
                                timedOut++;
                            }
                            return null;
                        });
        task.onDone(value -> {}, this::ended);
        if (loop.random().nextInt(3) == 0) {
            loop.callLater(millis(loop), task::cancel);
        }
    }

    private void ended(Throwable failure) {
        if (failure instanceof CancellationException) {
            cancelled++;
        } else {
            unexpected.add(failure);
        }
    }

    private void enter(IOLoop loop, Supplier<LoopFuture<Permit>> acquire) {
        try (var _ = await(loop, acquire.get())) {
            inside++;
            insideMax = Math.max(insideMax, inside);
            try {
                Task.sleep(millis(loop));
            } finally {
                inside--;
            }
        }
    }

    /// Waits, sometimes for a short time only.
    private <T> T await(IOLoop loop, LoopFuture<T> future) {
        boolean patient = loop.random().nextInt(3) > 0;
        T value = patient ? future.await() : future.await(millis(loop));
        granted++;
        return value;
    }

    private static Duration millis(IOLoop loop) {
        return Duration.ofMillis(loop.random().nextInt(MILLIS_MAX));
    }
}

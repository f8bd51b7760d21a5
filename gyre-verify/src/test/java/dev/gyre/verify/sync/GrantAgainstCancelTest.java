package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopCondition;
import dev.gyre.sync.LoopLock;
import dev.gyre.sync.LoopQueue;
import dev.gyre.sync.LoopSemaphore;
import dev.gyre.sync.Permit;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;

/// What is granted in the same turn in which its receiver is cancelled reaches somebody.
class GrantAgainstCancelTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /// Takes the lock, and meets its cancellation while it holds it.
    private static Task<Void> spawnHolder(Crew crew, LoopLock lock) {
        return crew.spawn(
                "holder",
                () -> {
                    try (var _ = lock.acquire().await()) {
                        crew.did("granted");
                        Task.pause();
                        crew.did("not reached");
                    }
                });
    }

    @GyreTest
    void aLockGrantedBeforeTheCancellationReachesTheCodeAndComesBack(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        Crew crew = new Crew(test);
        lock.acquire();
        Task<Void> holder = spawnHolder(crew, lock);
        test.runUntilIdle();

        lock.release();
        holder.cancel();
        test.runUntilIdle();

        assertThat(holder.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(crew.log()).containsExactly("granted");
        assertThat(lock).hasToString("LoopLock[unlocked, 0 waiting]");
    }

    @GyreTest
    void aLockReleasedAfterTheCancellationGoesToTheNext(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        Crew crew = new Crew(test);
        lock.acquire();
        Task<Void> cancelled = spawnHolder(crew, lock);
        test.runUntilIdle();
        LoopFuture<Permit> next = lock.acquire();

        cancelled.cancel();
        lock.release();

        assertThat(next.isDone()).isTrue();
        test.runUntilIdle();
        assertThat(crew.log()).isEmpty();
        assertThat(cancelled.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void aPermitGrantedAtTheVeryDeadlineIsNotLost(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 0);
        Crew crew = new Crew(test);
        // This timer is older than that of the wait, so it runs first in the same turn.
        test.loop().callLater(SECOND, semaphore::release);
        crew.spawn(
                "waiter",
                () -> {
                    try (var _ = semaphore.acquire().await(SECOND)) {
                        crew.did("granted");
                    }
                });

        test.advance(SECOND);

        assertThat(crew.log()).containsExactly("granted");
        assertThat(semaphore).hasToString("LoopSemaphore[1 available, 0 waiting]");
    }

    @GyreTest
    void aPermitReleasedJustAfterTheDeadlineIsNotLost(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 0);
        Crew crew = new Crew(test);
        Task<Void> late = crew.spawn("late", () -> semaphore.acquire().await(SECOND));
        test.runUntilIdle();
        // This timer is younger than that of the wait, so it runs second in the same turn.
        test.loop().callLater(SECOND, semaphore::release);

        test.advance(SECOND);

        assertThat(late.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(semaphore).hasToString("LoopSemaphore[1 available, 0 waiting]");
    }

    @GyreTest
    void anItemHandedOverBeforeTheCancellationReachesTheCode(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
        Crew crew = new Crew(test);
        Task<Void> taker =
                crew.spawn(
                        "taker",
                        () -> {
                            crew.did(queue.take().await());
                            Task.pause();
                        });
        test.runUntilIdle();

        queue.put("item");
        taker.cancel();
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly("item");
        assertThat(taker.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void aPutThatWentInBeforeTheCancellationStays(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
        Crew crew = new Crew(test);
        queue.put("a");
        Task<Void> putter =
                crew.spawn(
                        "putter",
                        () -> {
                            queue.put("b").await();
                            crew.did("put b");
                        });
        test.runUntilIdle();

        queue.tryTake();
        putter.cancel();
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly("put b");
        assertThat(queue.tryTake()).isEqualTo("b");
    }

    @GyreTest
    void aSignalGivenBeforeTheCancellationEndsTheWait(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        Task<Void> waiter =
                crew.spawn(
                        "waiter",
                        () -> {
                            condition.whenSignalled().await();
                            crew.did("signalled");
                        });
        test.runUntilIdle();

        condition.signal();
        waiter.cancel();
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly("signalled");
    }

    @GyreTest
    void aFutureThatCannotBeCancelledAnyMoreHasThePermit(TestLoop test) {
        LoopSemaphore semaphore = LoopSemaphore.bounded(test.loop(), 1);
        Permit held = semaphore.acquire().resultNow();
        LoopFuture<Permit> dropped = semaphore.acquire();
        LoopFuture<Permit> next = semaphore.acquire();
        held.close();

        assertThat(dropped.cancel()).isFalse();
        assertThat(next.isDone()).isFalse();
        dropped.resultNow().close();

        assertThat(next.isDone()).isTrue();
    }

    @GyreTest
    void aFutureThatCannotBeCancelledAnyMoreHasTheItem(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
        LoopFuture<String> dropped = queue.take();
        queue.put("item");

        assertThat(dropped.cancel()).isFalse();

        assertThat(dropped.resultNow()).isEqualTo("item");
        assertThat(queue.isEmpty()).isTrue();
    }

    @GyreTest
    void aFutureThatItsHolderCompletedIsPassedOver(TestLoop test) {
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
        LoopFuture<String> completed = queue.take();
        LoopFuture<String> live = queue.take();
        completed.complete("his own");

        queue.put("item");

        assertThat(live.resultNow()).isEqualTo("item");
    }

    /// A task that was cancelled already cannot wait, so it must not stand in line either.
    @GyreTest
    void aTaskThatMayNotWaitAnyMoreLeavesNobodyInLine(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
        Crew crew = new Crew(test);
        lock.acquire();
        Task<Void> stubborn =
                crew.spawn(
                        "stubborn",
                        () -> {
                            Task.current().cancel();
                            for (LoopFuture<?> wait : List.of(lock.acquire(), queue.take())) {
                                try {
                                    wait.await();
                                } catch (CancellationException e) {
                                    crew.did("cancelled");
                                }
                            }
                        });
        test.runUntilIdle();

        lock.release();
        queue.put("item");

        assertThat(crew.log()).containsExactly("cancelled", "cancelled");
        assertThat(stubborn.isDone()).isTrue();
        assertThat(lock).hasToString("LoopLock[unlocked, 0 waiting]");
        assertThat(queue.tryTake()).isEqualTo("item");
    }

    /// The same for a block whose deadline has passed, with a wait of its own limit inside.
    @GyreTest
    void aBlockOutOfTimeLeavesNobodyInLine(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 0);
        Crew crew = new Crew(test);
        Task<Void> late =
                crew.spawn(
                        "late",
                        () ->
                                Task.withDeadline(
                                        SECOND,
                                        () -> {
                                            try {
                                                Task.sleep(SECOND.multipliedBy(2));
                                            } catch (DeadlineExceededException e) {
                                                crew.did("out of time");
                                            }
                                            return semaphore.acquire().await();
                                        }));
        test.advance(SECOND);
        assertThat(late.exceptionNow()).isInstanceOf(DeadlineExceededException.class);

        semaphore.release();

        assertThat(semaphore).hasToString("LoopSemaphore[1 available, 0 waiting]");
    }
}

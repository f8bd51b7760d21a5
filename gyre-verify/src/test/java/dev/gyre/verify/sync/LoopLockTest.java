package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopLock;
import dev.gyre.sync.Permit;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.lang.System.Logger.Level;
import java.time.Duration;

class LoopLockTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @GyreTest
    void itsTextTellsItsStateAndWhoWaits(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        assertThat(lock).hasToString("LoopLock[unlocked, 0 waiting]");

        lock.acquire();
        lock.acquire();

        assertThat(lock).hasToString("LoopLock[locked, 1 waiting]");
    }

    @GyreTest
    void whoHearsOfTheEndOfTheTaskMayReleaseIt(TestLoop test, ExpectLog log) {
        LoopLock lock = new LoopLock(test.loop());
        Task<?> holder = test.loop().spawn("holder", () -> lock.acquire().await());
        test.loop()
                .spawn(
                        "heir",
                        () -> {
                            holder.await();
                            lock.release();
                        });
        test.runUntilIdle();

        assertThat(log.records()).isEmpty();
    }

    @GyreTest
    void aTaskThatEndsWithItIsNamedWithThePlaceWhereItAsked(TestLoop test, ExpectLog log) {
        LoopLock lock = new LoopLock(test.loop());
        test.loop().spawn("forgetful", () -> lock.acquire().await());
        test.runUntilIdle();

        log.expect(
                "dev.gyre.general", Level.INFO, "task forgetful has ended and still has LoopLock");
        assertThat(log.records())
                .singleElement()
                .asString()
                .contains("for which it asked at " + getClass().getName(), "try (var _ = lock");
    }

    @GyreTest
    void aTaskThatEndsInTheLineForItIsNamed(TestLoop test, ExpectLog log) {
        LoopLock lock = new LoopLock(test.loop());
        lock.acquire();
        test.loop().spawn("impatient", () -> lock.acquire().isDone());
        test.runUntilIdle();

        log.expect("dev.gyre.general", Level.INFO, "task impatient has ended and is still in the");
    }

    @GyreTest
    void whoHasReleasedItInWhateverWayIsNotNamed(TestLoop test, ExpectLog log) {
        LoopLock lock = new LoopLock(test.loop());
        test.loop()
                .spawn(
                        "by its permit",
                        () -> {
                            try (var _ = lock.acquire().await()) {
                                Task.pause();
                            }
                        });
        test.loop()
                .spawn(
                        "by hand",
                        () -> {
                            lock.acquire().await();
                            lock.release();
                        });
        Task<Permit> cancelled = test.loop().spawn("cancelled", () -> lock.acquire().await());
        test.loop().addCallback(cancelled::cancel);
        test.runUntilIdle();

        assertThat(lock.isLocked()).isFalse();
        assertThat(log.records()).isEmpty();
    }

    @GyreTest
    void oneHasItAtATime(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        assertThat(lock.isLocked()).isFalse();
        LoopFuture<Permit> first = lock.acquire();
        LoopFuture<Permit> second = lock.acquire();

        assertThat(first.isDone()).isTrue();
        assertThat(second.isDone()).isFalse();
        assertThat(lock.isLocked()).isTrue();
        lock.release();
        assertThat(second.isDone()).isTrue();
        assertThat(lock.isLocked()).isTrue();
        lock.release();

        assertThat(lock.isLocked()).isFalse();
    }

    @GyreTest
    void fiveTasksGetItInTheOrderOfTheirCalls(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        Crew crew = new Crew(test);
        lock.acquire();
        for (int i = 0; i < 5; i++) {
            int number = i;
            crew.spawn(
                    "locker",
                    () -> {
                        try (var _ = lock.acquire().await()) {
                            Task.pause();
                            crew.did(number);
                        }
                    });
        }
        test.runUntilIdle();
        assertThat(crew.log()).isEmpty();

        lock.release();
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly(0, 1, 2, 3, 4);
        assertThat(lock.isLocked()).isFalse();
    }

    @GyreTest
    void fiveTasksThatReleaseByHandGetItInTheSameOrder(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        Crew crew = new Crew(test);
        for (int i = 0; i < 5; i++) {
            int number = i;
            crew.spawn(
                    "locker",
                    () -> {
                        lock.acquire().await();
                        Task.pause();
                        crew.did(number);
                        lock.release();
                    });
        }

        test.runUntilIdle();

        assertThat(crew.log()).containsExactly(0, 1, 2, 3, 4);
        assertThat(lock.isLocked()).isFalse();
    }

    @GyreTest
    void aTimeOutLeavesItLocked(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        lock.acquire();
        Task<Void> late = new Crew(test).spawn("late", () -> lock.acquire().await(SECOND));

        test.advance(SECOND);

        assertThat(late.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(lock).hasToString("LoopLock[locked, 0 waiting]");
        lock.release();
        assertThat(lock.isLocked()).isFalse();
    }

    @GyreTest
    void anUnlockedLockCannotBeReleased(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        assertThatIllegalStateException().isThrownBy(lock::release);
        lock.acquire();
        lock.release();

        assertThatIllegalStateException().isThrownBy(lock::release);
        assertThat(lock.isLocked()).isFalse();
    }

    @GyreTest
    void itIsNotReentrant(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        Crew crew = new Crew(test);
        crew.spawn(
                "greedy",
                () -> {
                    try (var _ = lock.acquire().await()) {
                        lock.acquire().await(SECOND);
                    } catch (DeadlineExceededException e) {
                        crew.did("waited for itself");
                    }
                });

        test.advance(SECOND);

        assertThat(crew.log()).containsExactly("waited for itself");
        assertThat(lock.isLocked()).isFalse();
    }

    @GyreTest
    void aTaskThatDidNotAcquireItMayReleaseIt(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        Crew crew = new Crew(test);
        crew.run(() -> lock.acquire().await());

        crew.run(lock::release);

        assertThat(lock.isLocked()).isFalse();
    }

    @GyreTest
    void whatItGuardsIsNotDisturbedWhileItsHolderSuspends(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        Crew crew = new Crew(test);
        int[] counter = {0};
        for (int i = 0; i < 10; i++) {
            crew.spawn(
                    "counter",
                    () -> {
                        try (var _ = lock.acquire().await()) {
                            int seen = counter[0];
                            Task.sleep(SECOND);
                            counter[0] = seen + 1;
                        }
                    });
        }

        test.advance(SECOND.multipliedBy(10));

        assertThat(counter[0]).isEqualTo(10);
    }
}

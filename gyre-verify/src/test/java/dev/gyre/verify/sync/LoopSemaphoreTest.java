package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopSemaphore;
import dev.gyre.sync.Permit;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.time.Duration;
import java.util.List;

class LoopSemaphoreTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @GyreTest
    void itsTextTellsItsPermitsAndWhoWaits(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 1);
        assertThat(semaphore).hasToString("LoopSemaphore[1 available, 0 waiting]");

        Permit permit = semaphore.acquire().resultNow();
        semaphore.acquire();
        semaphore.acquire();

        assertThat(semaphore).hasToString("LoopSemaphore[0 available, 2 waiting]");
        assertThat(permit).hasToString("Permit[of LoopSemaphore[0 available, 2 waiting]]");
        permit.close();
        assertThat(permit).hasToString("Permit[given back]");
    }

    @GyreTest
    void itMayBeginWithNoPermitButNotWithLess(TestLoop test) {
        LoopSemaphore empty = new LoopSemaphore(test.loop(), 0);
        LoopFuture<Permit> waiter = empty.acquire();
        assertThat(waiter.isDone()).isFalse();
        empty.release();

        assertThat(waiter.isDone()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new LoopSemaphore(test.loop(), -1));
    }

    @GyreTest
    void aBoundedOneNeedsAPermitSinceItNeverGetsMore(TestLoop test) {
        for (int permits : new int[] {0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LoopSemaphore.bounded(test.loop(), permits))
                    .withMessageContaining("one is the least");
        }
    }

    @GyreTest
    void asManyPassAtOnceAsThereArePermits(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 2);

        assertThat(semaphore.acquire().isDone()).isTrue();
        assertThat(semaphore.acquire().isDone()).isTrue();
        assertThat(semaphore.acquire().isDone()).isFalse();
        assertThat(semaphore.available()).isZero();
    }

    @GyreTest
    void permitsAreGrantedInTheOrderOfTheCalls(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 1);
        semaphore.acquire();
        LoopFuture<Permit> second = semaphore.acquire();
        LoopFuture<Permit> third = semaphore.acquire();

        semaphore.release();
        assertThat(List.of(second.isDone(), third.isDone())).containsExactly(true, false);
        assertThat(semaphore.available()).isZero();
        semaphore.release();
        assertThat(third.isDone()).isTrue();
        semaphore.release();

        assertThat(semaphore.available()).isEqualTo(1);
    }

    @GyreTest
    void nobodyOvertakesTheOneToWhomAPermitWasGranted(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 1);
        Crew crew = new Crew(test);
        Permit held = semaphore.acquire().resultNow();
        crew.spawn(
                "waiter",
                () -> {
                    try (var _ = semaphore.acquire().await()) {
                        crew.did("waiter");
                    }
                });
        test.runUntilIdle();

        crew.run(() -> {
            held.close();
            try (var _ = semaphore.acquire().await()) {
                crew.did("the one who came later");
            }
        });

        assertThat(crew.log()).containsExactly("waiter", "the one who came later");
    }

    @GyreTest
    void releasingWithoutAcquiringAddsPermits(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 1);

        semaphore.release();
        semaphore.release();
        semaphore.release();

        assertThat(semaphore.available()).isEqualTo(4);
    }

    @GyreTest
    void aBoundedOneRefusesMorePermitsThanItHadAtFirst(TestLoop test) {
        LoopSemaphore semaphore = LoopSemaphore.bounded(test.loop(), 2);
        semaphore.acquire();
        semaphore.acquire();
        semaphore.release();
        semaphore.release();

        assertThatIllegalStateException()
                .isThrownBy(semaphore::release)
                .withMessageContaining("released more often than acquired");
        assertThat(semaphore.available()).isEqualTo(2);
    }

    @GyreTest
    void aPermitCannotMakeTheCountOverflow(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), Integer.MAX_VALUE);

        assertThatIllegalStateException().isThrownBy(semaphore::release);
        assertThat(semaphore.available()).isEqualTo(Integer.MAX_VALUE);
    }

    @GyreTest
    void aReleaseAfterTheTimeOutIsNotSwallowed(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 0);
        Crew crew = new Crew(test);
        Task<Void> waiter = crew.spawn("late", () -> semaphore.acquire().await(SECOND));
        test.advance(SECOND);
        assertThat(waiter.exceptionNow()).isInstanceOf(DeadlineExceededException.class);

        semaphore.release();

        assertThat(semaphore).hasToString("LoopSemaphore[1 available, 0 waiting]");
    }

    @GyreTest
    void aReleaseInTimePreemptsTheTimeOut(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 0);
        Crew crew = new Crew(test);
        Task<Void> waiter =
                crew.spawn(
                        "in time",
                        () -> {
                            try (var _ = semaphore.acquire().await(SECOND)) {
                                crew.did("held");
                            }
                        });
        test.advance(SECOND.minusNanos(1));

        semaphore.release();
        test.advance(SECOND);

        assertThat(waiter.resultNow()).isNull();
        assertThat(crew.log()).containsExactly("held");
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @GyreTest
    void aHundredTimedOutWaitersLeaveTheLiveOne(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 0);
        Crew crew = new Crew(test);
        for (int i = 0; i < 101; i++) {
            crew.spawn("impatient", () -> semaphore.acquire().await(SECOND)).observe();
        }
        test.runUntilIdle();
        LoopFuture<Permit> live = semaphore.acquire();
        assertThat(semaphore).hasToString("LoopSemaphore[0 available, 102 waiting]");

        test.advance(SECOND);
        assertThat(semaphore).hasToString("LoopSemaphore[0 available, 1 waiting]");
        semaphore.release();

        assertThat(live.isDone()).isTrue();
    }

    @GyreTest
    void theScopeGivesItsPermitBackAtTheEnd(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 1);

        new Crew(test)
                .run(() -> {
                    try (var _ = semaphore.acquire().await()) {
                        assertThat(semaphore.available()).isZero();
                    }
                    assertThat(semaphore.available()).isEqualTo(1);
                    try (var _ = semaphore.acquire().await(SECOND)) {
                        assertThat(semaphore.available()).isZero();
                    }
                });

        assertThat(semaphore.available()).isEqualTo(1);
    }

    @GyreTest
    void theScopeGivesItsPermitBackWhenItsCodeThrows(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 1);
        Task<Void> failing =
                new Crew(test)
                        .spawn(
                                "failing",
                                () -> {
                                    try (var _ = semaphore.acquire().await()) {
                                        throw new IllegalArgumentException("no such table");
                                    }
                                });
        test.runUntilIdle();

        assertThat(failing.exceptionNow()).hasMessage("no such table");
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @GyreTest
    void aScopeThatWasNotEnteredInTimeGivesNothingBack(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 1);
        Crew crew = new Crew(test);
        Permit held = semaphore.acquire().resultNow();
        Task<Void> late =
                crew.spawn(
                        "late",
                        () -> {
                            try (var _ = semaphore.acquire().await(SECOND)) {
                                crew.did("entered");
                            }
                        });

        test.advance(SECOND);
        assertThat(late.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        assertThat(crew.log()).isEmpty();
        assertThat(semaphore.available()).isZero();
        held.close();

        assertThat(semaphore.available()).isEqualTo(1);
    }

    @GyreTest
    void contendingScopesAlternate(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 1);
        Crew crew = new Crew(test);
        for (String name : List.of("a", "b")) {
            crew.spawn(
                    name,
                    () -> {
                        for (int i = 0; i < 3; i++) {
                            try (var _ = semaphore.acquire().await()) {
                                crew.did(name + " in");
                                Task.pause();
                                crew.did(name + " out");
                            }
                        }
                    });
        }

        test.runUntilIdle();

        List<String> round = List.of("a in", "a out", "b in", "b out");
        assertThat(crew.log().subList(0, 4)).isEqualTo(round);
        assertThat(crew.log().subList(4, 8)).isEqualTo(round);
        assertThat(crew.log().subList(8, 12)).isEqualTo(round);
    }

    @GyreTest
    void closingAPermitTwiceGivesItBackOnce(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 1);
        Permit permit = semaphore.acquire().resultNow();

        permit.close();
        permit.close();

        assertThat(semaphore.available()).isEqualTo(1);
    }

    @GyreTest
    void aPermitThatWasReleasedBesidesIsRefusedByABoundedOne(TestLoop test) {
        LoopSemaphore semaphore = LoopSemaphore.bounded(test.loop(), 1);
        Permit permit = semaphore.acquire().resultNow();
        semaphore.release();

        assertThatIllegalStateException().isThrownBy(permit::close);
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @GyreTest
    void aFreePermitWinsOverADeadlineThatHasPassed(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 2);

        new Crew(test)
                .run(() -> {
                    semaphore.acquire().await(Duration.ZERO);
                    semaphore.acquire().await(SECOND.negated());
                });

        assertThat(semaphore.available()).isZero();
    }

    @GyreTest
    void aDeadlineThatHasPassedEndsAWaitInALaterTurn(TestLoop test) {
        LoopSemaphore semaphore = new LoopSemaphore(test.loop(), 0);
        Crew crew = new Crew(test);
        for (Duration limit : List.of(Duration.ZERO, SECOND.negated())) {
            crew.spawn(
                    "waiter",
                    () -> {
                        try {
                            semaphore.acquire().await(limit);
                        } catch (DeadlineExceededException e) {
                            crew.did("too late");
                        }
                    });
        }
        crew.spawn("sibling", () -> crew.did("sibling"));

        test.runUntilIdle();

        assertThat(crew.log()).containsExactly("sibling", "too late", "too late");
        assertThat(semaphore).hasToString("LoopSemaphore[0 available, 0 waiting]");
    }
}

package dev.gyre.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopCondition;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class LoopConditionTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static void spawnWaiters(Crew crew, LoopCondition condition, int count) {
        for (int i = 0; i < count; i++) {
            int number = i;
            crew.spawn(
                    "waiter " + number,
                    () -> {
                        condition.whenSignalled().await();
                        crew.did(number);
                    });
        }
    }

    /// Waits a second for a signal, and notes what came.
    private static void spawnImpatient(Crew crew, LoopCondition condition, String name) {
        crew.spawn(
                name,
                () -> {
                    try {
                        condition.whenSignalled().await(SECOND);
                        crew.did(name);
                    } catch (DeadlineExceededException e) {
                        crew.did(name + " gave up");
                    }
                });
    }

    @GyreTest
    void itsTextTellsHowManyWait(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        assertThat(condition).hasToString("LoopCondition[0 waiting]");

        condition.whenSignalled();
        condition.whenSignalled();

        assertThat(condition).hasToString("LoopCondition[2 waiting]");
    }

    @GyreTest
    void signalWakesTheOldestOneByOne(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        spawnWaiters(crew, condition, 3);
        test.runUntilIdle();

        condition.signal();
        test.runUntilIdle();
        assertThat(crew.log()).containsExactly(0);
        condition.signal();
        test.runUntilIdle();
        assertThat(crew.log()).containsExactly(0, 1);
        condition.signal();
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly(0, 1, 2);
    }

    @GyreTest
    void signalOfTwoWakesTheTwoOldest(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        spawnWaiters(crew, condition, 6);
        test.runUntilIdle();

        condition.signal(2);
        test.runUntilIdle();
        assertThat(crew.log()).containsExactly(0, 1);
        condition.signal(3);
        test.runUntilIdle();
        assertThat(crew.log()).containsExactly(0, 1, 2, 3, 4);
        condition.signal(100);
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @GyreTest
    void signalOfNoneWakesNobodyAndOfFewerIsRefused(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        LoopFuture<Void> waiter = condition.whenSignalled();

        condition.signal(0);

        assertThat(waiter.isDone()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> condition.signal(-1))
                .withMessage("cannot wake -1 tasks");
    }

    @GyreTest
    void signalAllWakesAllAndNoneWhoCameLater(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        spawnWaiters(crew, condition, 4);
        test.runUntilIdle();

        condition.signalAll();
        LoopFuture<Void> late = condition.whenSignalled();
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly(0, 1, 2, 3);
        assertThat(late.isDone()).isFalse();
    }

    @GyreTest
    void aSignalWithNobodyWaitingIsLost(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());

        condition.signal();
        condition.signalAll();

        assertThat(condition.whenSignalled().isDone()).isFalse();
    }

    @GyreTest
    void aSignalledTaskGoesOnInALaterStep(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        spawnWaiters(crew, condition, 1);
        test.runUntilIdle();

        crew.run(() -> {
            condition.signal();
            crew.did("signalled");
        });

        assertThat(crew.log()).containsExactly("signalled", 0);
    }

    @GyreTest
    void aWaitThatTakesTooLongThrows(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        spawnImpatient(crew, condition, "a");

        test.advance(SECOND.minusNanos(1));
        assertThat(crew.log()).isEmpty();
        test.advance(Duration.ofNanos(1));

        assertThat(crew.log()).containsExactly("a gave up");
        assertThat(condition).hasToString("LoopCondition[0 waiting]");
    }

    @GyreTest
    void aSignalInTimePreemptsTheTimeOut(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        spawnImpatient(crew, condition, "a");
        test.runUntilIdle();

        condition.signal();
        test.runUntilIdle();
        assertThat(test.loop().metrics().timers()).isZero();
        test.advance(SECOND.multipliedBy(2));

        assertThat(crew.log()).containsExactly("a");
    }

    @GyreTest
    void aTimedOutTaskDoesNotCountAsSignalled(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        spawnWaiters(crew, condition, 1);
        test.runUntilIdle();
        spawnImpatient(crew, condition, "impatient");
        test.runUntilIdle();
        test.advance(SECOND.dividedBy(2));
        spawnImpatient(crew, condition, "patient");
        test.runUntilIdle();
        test.advance(SECOND.dividedBy(2));

        condition.signal(2);
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly("impatient gave up", 0, "patient");
    }

    @GyreTest
    void signalAllPassesATimedOutTask(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        spawnImpatient(crew, condition, "impatient");
        test.runUntilIdle();
        spawnWaiters(crew, condition, 2);
        test.advance(SECOND);

        condition.signalAll();
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly("impatient gave up", 0, 1);
    }

    @GyreTest
    void aCancelledTaskTakesNoSignalFromOthers(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        Task<Void> cancelled = crew.spawn("cancelled", () -> condition.whenSignalled().await());
        spawnWaiters(crew, condition, 1);
        test.runUntilIdle();

        cancelled.cancel();
        condition.signal();
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly(0);
    }

    @GyreTest
    void aListenerThatSignalsAgainLosesNothing(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        condition
                .whenSignalled()
                .onDone(
                        value -> {
                            crew.did("first");
                            condition.signal(2);
                        },
                        failure -> crew.did(failure));
        for (String name : List.of("second", "third", "fourth")) {
            condition.whenSignalled().onDone(value -> crew.did(name), crew::did);
        }

        condition.signal();
        test.runUntilIdle();
        assertThat(crew.log()).containsExactly("first", "second", "third");
        condition.signal();
        test.runUntilIdle();

        assertThat(crew.log()).containsExactly("first", "second", "third", "fourth");
    }

    @GyreTest
    void whoWaitsAgainAndAgainWithATimeOutLeavesNothingBehind(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        Crew crew = new Crew(test);
        spawnWaiters(crew, condition, 1);
        for (int i = 0; i < 101; i++) {
            spawnImpatient(crew, condition, "impatient");
        }
        test.runUntilIdle();
        assertThat(condition).hasToString("LoopCondition[102 waiting]");

        test.advance(SECOND);
        assertThat(condition).hasToString("LoopCondition[1 waiting]");
        condition.signal();
        test.runUntilIdle();

        assertThat(crew.log()).hasSize(102).last().isEqualTo(0);
    }

    /// Searching the line for each of them would take ten thousand million steps.
    @GyreTest
    void leavingALongLineCostsTheSameFromEveryPlace(TestLoop test) {
        LoopCondition condition = new LoopCondition(test.loop());
        List<LoopFuture<Void>> waiters = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            waiters.add(condition.whenSignalled());
        }

        waiters.subList(50_000, 200_000).reversed().forEach(LoopFuture::cancel);
        waiters.subList(1, 50_000).forEach(LoopFuture::cancel);

        assertThat(condition).hasToString("LoopCondition[1 waiting]");
        condition.signal();
        assertThat(waiters.getFirst().isDone()).isTrue();
    }
}

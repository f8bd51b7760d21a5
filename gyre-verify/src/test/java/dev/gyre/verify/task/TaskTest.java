package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/// A task runs its body on the loop and is the future of its result.
class TaskTest {

    private Play play;

    private <T> Task<T> ended(TestLoop test, Callable<T> body) {
        Task<T> task = test.loop().spawn("task", body);
        task.observe();
        test.runUntilIdle();
        assertThat(task.isDone()).isTrue();
        return task;
    }

    @GyreTest
    void aBodyThatNeverWaitsGivesItsValue(TestLoop test) {
        assertThat(ended(test, () -> 42).resultNow()).isEqualTo(42);
    }

    @GyreTest
    void aBodyThatWaitsGivesItsValue(TestLoop test) {
        Task<Integer> task =
                ended(
                        test,
                        () -> {
                            Task.pause();
                            return 42;
                        });

        assertThat(task.resultNow()).isEqualTo(42);
    }

    @GyreTest
    void aBodyMayReturnBeforeAWaitThatItDoesNotReach(TestLoop test) {
        boolean early = test.loop().tasks().isEmpty();

        Task<String> task =
                ended(
                        test,
                        () -> {
                            if (early) {
                                return "early";
                            }
                            Task.pause();
                            return "late";
                        });

        assertThat(task.resultNow()).isEqualTo("early");
    }

    @GyreTest
    void theValueMayBeNull(TestLoop test) {
        Task<Object> task = ended(test, () -> null);

        assertThat(task.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(task.resultNow()).isNull();
    }

    @GyreTest
    void theBodyBeginsInALaterStep(TestLoop test) {
        play = new Play(test);
        test.loop()
                .addCallback(() -> {
                    play.spawn("task", () -> play.did("task"));
                    play.did("after spawn");
                });

        test.runUntilIdle();

        assertThat(play.log()).containsExactly("after spawn", "task");
    }

    @GyreTest
    void aFailureBeforeTheFirstWaitIsTheFailureOfTheTask(TestLoop test) {
        GeneralSecurityException failure = new GeneralSecurityException("early");

        Task<Object> task =
                ended(
                        test,
                        () -> {
                            throw failure;
                        });

        assertThat(task.state()).isEqualTo(Future.State.FAILED);
        assertThat(task.exceptionNow()).isSameAs(failure);
    }

    @GyreTest
    void aFailureAfterAWaitIsTheFailureOfTheTask(TestLoop test) {
        Exception failure = new Exception("late");

        Task<Object> task =
                ended(
                        test,
                        () -> {
                            Task.pause();
                            throw failure;
                        });

        assertThat(task.exceptionNow()).isSameAs(failure);
    }

    @GyreTest
    void anErrorThatIsNotOfTheMachineIsAFailureLikeAnyOther(TestLoop test) {
        AssertionError failure = new AssertionError("wrong");

        Task<Object> task =
                ended(
                        test,
                        () -> {
                            throw failure;
                        });

        assertThat(task.exceptionNow()).isSameAs(failure);
    }

    @GyreTest
    void aFailureSurfacesOnlyWhenAwaited(TestLoop test) {
        play = new Play(test);

        play.run(() -> {
            Task<Void> failing =
                    play.spawn(
                            "failing",
                            () -> {
                                throw new GeneralSecurityException("x");
                            });
            play.did("spawned");
            try {
                failing.await();
            } catch (Exception e) {
                play.did(e);
            }
            return null;
        });

        assertThat(play.log()).hasSize(2);
        assertThat(play.log().get(1)).isExactlyInstanceOf(GeneralSecurityException.class);
    }

    @GyreTest
    void aBodyCanReplaceAFailure(TestLoop test) {
        play = new Play(test);
        LoopFuture<String> future =
                LoopFuture.failed(test.loop(), new GeneralSecurityException("first"));

        Throwable thrown =
                play.fail(() -> {
                    try {
                        future.await();
                    } catch (Exception e) {
                        throw new IllegalArgumentException("second", e);
                    }
                });

        assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessage("second");
    }

    @GyreTest
    void aBodyCanSwallowAFailureAndWaitOn(TestLoop test) {
        play = new Play(test);

        String value =
                play.run(() -> {
                    try {
                        LoopFuture.failed(test.loop(), new GeneralSecurityException("first"))
                                .await();
                    } catch (Exception e) {
                        Task.pause();
                    }
                    return "went on";
                });

        assertThat(value).isEqualTo("went on");
    }

    @GyreTest
    void oneBodyCanRunManyTimes(TestLoop test) {
        List<Task<Integer>> tasks = new ArrayList<>();
        int[] count = {0};
        Callable<Integer> body =
                () -> {
                    Task.pause();
                    return ++count[0];
                };
        for (int i = 0; i < 3; i++) {
            tasks.add(test.loop().spawn("again", body));
        }

        test.runUntilIdle();

        assertThat(tasks).extracting(Task::resultNow).containsExactly(1, 2, 3);
    }

    @GyreTest
    void tasksThatWaitForFinishedFuturesDoNotAlternate(TestLoop test) {
        assertThat(interleaving(test, false, false)).isEqualTo("aaaaabbbbb");
    }

    @GyreTest
    void tasksThatPauseAlternate(TestLoop test) {
        assertThat(interleaving(test, true, true)).isEqualTo("ababababab");
    }

    @GyreTest
    void aTaskThatPausesLetsOneThatDoesNotGoFirst(TestLoop test) {
        assertThat(interleaving(test, true, false)).isEqualTo("abbbbbaaaa");
    }

    private String interleaving(TestLoop test, boolean pauseInA, boolean pauseInB) {
        StringBuilder order = new StringBuilder();
        test.loop().spawn("a", () -> fiveSteps(test.loop(), order, "a", pauseInA));
        test.loop().spawn("b", () -> fiveSteps(test.loop(), order, "b", pauseInB));
        test.runUntilIdle();
        return order.toString();
    }

    private static Object fiveSteps(IOLoop loop, StringBuilder order, String name, boolean pause) {
        for (int i = 0; i < 5; i++) {
            order.append(name);
            if (pause) {
                Task.pause();
            } else {
                LoopFuture.completed(loop, name).await();
            }
        }
        return name;
    }

    @GyreTest
    void aPauseTakesExactlyOneTurn(TestLoop test) {
        List<Long> turns = new ArrayList<>();

        ended(
                test,
                () -> {
                    for (int i = 0; i < 3; i++) {
                        turns.add(test.loop().metrics().turns());
                        Task.pause();
                    }
                    return null;
                });

        assertThat(turns)
                .containsExactly(turns.getFirst(), turns.getFirst() + 1, turns.getFirst() + 2);
    }

    @GyreTest
    void aTaskIsNeverResumedInsideTheCallThatCompletesItsFuture(TestLoop test) {
        play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        play.spawn("waiter", () -> play.did(future.await()));
        test.runUntilIdle();

        test.loop()
                .addCallback(() -> {
                    future.complete("resumed");
                    play.did("completed");
                });
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("completed", "resumed");
    }

    @GyreTest
    void sleepLastsAtLeastItsTimeAndNoTurnLonger(TestLoop test) {
        Task<Void> task = new Play(test).spawn("sleeper", () -> Task.sleep(Play.SECOND));

        test.advance(Play.SECOND.minusNanos(1));
        assertThat(task.isDone()).isFalse();
        test.advance(Duration.ofNanos(1));

        assertThat(task.isDone()).isTrue();
    }

    @GyreTest
    void aSleepOfNothingLetsTheOthersRun(TestLoop test) {
        play = new Play(test);
        for (String name : List.of("a", "b")) {
            play.spawn(
                    name,
                    () -> {
                        play.did(name);
                        Task.sleep(Duration.ofSeconds(-1));
                        play.did(name);
                    });
        }

        test.runUntilIdle();

        assertThat(play.log()).containsExactly("a", "b", "a", "b");
    }

    @GyreTest
    void whatOneTaskDoesBetweenTwoSuspensionsNoOtherSees(TestLoop test) {
        int[] counter = {0};
        play = new Play(test);
        for (int i = 0; i < 10; i++) {
            play.spawn(
                    "incrementer",
                    () -> {
                        for (int j = 0; j < 100; j++) {
                            int read = counter[0];
                            LoopFuture.completed(test.loop(), read).await();
                            counter[0] = read + 1;
                            Task.pause();
                        }
                    });
        }

        test.runUntilIdle();

        assertThat(counter[0]).isEqualTo(1000);
    }

    @GyreTest
    void manyPausesAreFine(TestLoop test) {
        int turns = 50_000;

        int done =
                new Play(test)
                        .run(() -> {
                            int count = 0;
                            while (count < turns) {
                                Task.pause();
                                count++;
                            }
                            return count;
                        });

        assertThat(done).isEqualTo(turns);
    }

    @GyreTest
    void aTaskCanAwaitATaskThatAwaitsATask(TestLoop test) {
        int depth = 100;

        int sum = new Play(test).run(() -> nested(test.loop(), depth));

        assertThat(sum).isEqualTo(depth);
    }

    private static int nested(IOLoop loop, int depth) {
        if (depth == 0) {
            Task.pause();
            return 0;
        }
        return 1 + loop.spawn("level " + depth, () -> nested(loop, depth - 1)).await();
    }

    @GyreTest
    void currentIsTheTaskThatRunsThisCode(TestLoop test) {
        List<Task<?>> seen = new ArrayList<>();
        Task<Void> task =
                new Play(test)
                        .spawn(
                                "self",
                                () -> {
                                    seen.add(Task.current());
                                    Task.pause();
                                    seen.add(Task.current());
                                });

        test.runUntilIdle();

        assertThat(seen).containsExactly(task, task);
    }

    @GyreTest
    void aTaskThatNobodyHoldsIsNotCollectedWhileItWaits(TestLoop test) {
        play = new Play(test);
        play.spawn(
                "forgotten",
                () -> {
                    Task.sleep(Play.SECOND);
                    play.did("woke");
                });
        test.runUntilIdle();
        System.gc();

        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("woke");
    }

    @GyreTest
    void nobodyButItsBodyGivesATaskItsOutcome(TestLoop test) {
        Task<String> task = test.loop().spawn("stubborn", () -> "own");

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> task.complete("another's"))
                .withMessageContainingAll("complete of task stubborn", "cancel()");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> task.fail(new GeneralSecurityException("x")))
                .withMessageContainingAll("fail of task stubborn", "cancel()");
        test.runUntilIdle();

        assertThat(task.resultNow()).isEqualTo("own");
    }

    @GyreTest
    void itsEndIsToldInALaterStepAndIsNoLookAtItsFailure(TestLoop test, ExpectLog log) {
        List<String> ended = new ArrayList<>();
        Task<Object> failing =
                test.loop()
                        .spawn(
                                "failing",
                                () -> {
                                    throw new IllegalStateException("deliberate");
                                });
        failing.onEnd(() -> ended.add("first"));
        failing.onEnd(() -> ended.add("second"));
        test.runUntilIdle();
        failing.onEnd(() -> ended.add("late"));
        assertThat(ended).containsExactly("first", "second");

        test.advance(LoopFuture.UNOBSERVED_MAX);

        assertThat(ended).containsExactly("first", "second", "late");
        log.expect("dev.gyre.application", Level.ERROR, "deliberate");
    }

    @GyreTest
    void theEndOfOneThatIsCancelledBeforeItBeginsIsToldToo(TestLoop test) {
        List<String> ended = new ArrayList<>();
        Task<Void> task = test.loop().spawn("never begun", () -> {});
        task.onEnd(() -> ended.add("ended"));

        task.cancel();
        test.runUntilIdle();

        assertThat(ended).containsExactly("ended");
    }
}

package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/// `await(Duration)`, `withDeadline` and `shielded`.
class DeadlineBlockTest {

    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    // await(Duration).

    @GyreTest
    void anAwaitWhoseTimeIsUpThrowsAndCancelsTheFuture(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        play.spawnLogged("waiter", () -> future.await(Play.SECOND)).observe();

        test.advance(Play.SECOND.minusNanos(1));
        assertThat(play.log()).isEmpty();
        test.advance(Duration.ofNanos(1));

        assertThat(play.log()).containsExactly("waiter DeadlineExceededException");
        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void anAwaitInTimeGivesTheValueAndLeavesNoTimer(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<String> task = test.loop().spawn("waiter", () -> future.await(Play.SECOND));
        test.runUntilIdle();

        future.complete("x");
        test.runUntilIdle();

        assertThat(task.resultNow()).isEqualTo("x");
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void aFailureBeforeTheTimeIsUpIsThatFailure(TestLoop test) {
        GeneralSecurityException failure = new GeneralSecurityException("x");
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        test.loop().addCallback(() -> future.fail(failure));

        assertThat(new Play(test).fail(() -> future.await(Play.SECOND))).isSameAs(failure);
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void aFutureThatIsDoneWinsOverATimeThatIsUp(TestLoop test) {
        LoopFuture<String> future = LoopFuture.completed(test.loop(), "x");

        String value = new Play(test).run(() -> future.await(Duration.ofSeconds(-1)));

        assertThat(value).isEqualTo("x");
    }

    @GyreTest
    void aValueOfTheSameTurnWinsOverTheTimeThatIsUp(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        test.loop().callLater(Play.SECOND, () -> future.complete("x"));
        play.spawn("waiter", () -> play.did(future.await(Play.SECOND)));

        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("x");
    }

    @GyreTest
    void aStageOfAnotherThreadCanTimeOutToo(TestLoop test) {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Play play = new Play(test);
        play.spawnLogged("waiter", () -> test.loop().adopt(stage).await(Play.SECOND)).observe();

        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("waiter DeadlineExceededException");
        assertThat(stage).isCancelled();
    }

    @GyreTest
    void aStageThatIsCompletedInTimeGivesItsValue(TestLoop test) throws Exception {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Task<String> task =
                test.loop().spawn("waiter", () -> test.loop().adopt(stage).await(Play.SECOND));
        test.runUntilIdle();

        Thread.ofPlatform().start(() -> stage.complete("x")).join();
        test.runUntil(task::isDone);

        assertThat(task.resultNow()).isEqualTo("x");
    }

    // withDeadline.

    @GyreTest
    void aBlockIsLeftWithItsValueAndWithoutATimer(TestLoop test) {
        int value = new Play(test).run(() -> Task.withDeadline(Play.SECOND, () -> 42));

        assertThat(value).isEqualTo(42);
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void aBlockLetsOutWhatItsBodyThrows(TestLoop test) {
        GeneralSecurityException failure = new GeneralSecurityException("x");

        Throwable thrown =
                new Play(test)
                        .fail(() ->
                                Task.withDeadline(
                                        Play.SECOND,
                                        () -> {
                                            throw failure;
                                        }));

        assertThat(thrown).isSameAs(failure);
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void theDeadlineCoversAllSuspensionsOfTheBlock(TestLoop test) {
        Play play = new Play(test);
        play.spawnLogged(
                        "task",
                        () ->
                                Task.withDeadline(
                                        Play.SECOND,
                                        () -> {
                                            for (int i = 0; i < 10; i++) {
                                                Task.sleep(Play.SECOND.dividedBy(3));
                                                play.did(i);
                                            }
                                            return null;
                                        }))
                .observe();

        test.advance(TWO_SECONDS);

        assertThat(play.log()).containsExactly(0, 1, 2, "task DeadlineExceededException");
    }

    @GyreTest
    void anExpiredDeadlineIsMetByEachSuspensionOfTheBlockAndNoneAfter(TestLoop test) {
        Play play = new Play(test);
        play.spawnLogged(
                "task",
                () -> {
                    Task.withDeadline(
                            Play.SECOND,
                            () -> {
                                play.did(catchThrowable(() -> Task.sleep(Play.HOUR)).getClass());
                                play.did(catchThrowable(Task::pause).getClass());
                                return null;
                            });
                    Task.pause();
                });

        test.advance(Play.SECOND);

        assertThat(play.log())
                .containsExactly(
                        DeadlineExceededException.class,
                        DeadlineExceededException.class,
                        "task ended");
    }

    @GyreTest
    void aBlockThatReturnsInSpiteOfTheDeadlineHasItsValue(TestLoop test) {
        Task<Integer> task =
                test.loop()
                        .spawn(
                                "busy",
                                () ->
                                        Task.withDeadline(
                                                Play.SECOND,
                                                () -> {
                                                    test.time().advance(TWO_SECONDS);
                                                    return 42;
                                                }));

        test.runUntilIdle();

        assertThat(task.resultNow()).isEqualTo(42);
    }

    @GyreTest
    void ofNestedDeadlinesTheNearestHoldsAlsoWhenItIsTheOuter(TestLoop test) {
        Play play = new Play(test);
        play.spawnLogged(
                        "outer is nearer",
                        () -> Task.withDeadline(Play.SECOND, () -> sleepWithin(TWO_SECONDS)))
                .observe();
        play.spawnLogged(
                        "inner is nearer",
                        () -> Task.withDeadline(TWO_SECONDS, () -> sleepWithin(Play.SECOND)))
                .observe();

        test.advance(Play.SECOND);

        assertThat(play.log())
                .containsExactlyInAnyOrder(
                        "outer is nearer DeadlineExceededException",
                        "inner is nearer DeadlineExceededException");
    }

    private static Object sleepWithin(Duration limit) {
        return Task.withDeadline(limit, Play.body(() -> Task.sleep(Play.HOUR)));
    }

    @GyreTest
    void afterTheInnerDeadlineTheOuterIsStillInForce(TestLoop test) {
        Play play = new Play(test);
        play.spawnLogged(
                        "task",
                        () ->
                                Task.withDeadline(
                                        TWO_SECONDS,
                                        () -> {
                                            play.did(
                                                    catchThrowable(() -> sleepWithin(Play.SECOND))
                                                            .getMessage());
                                            Task.sleep(Play.HOUR);
                                            return null;
                                        }))
                .observe();

        test.advance(Play.SECOND);
        assertThat(play.log()).hasSize(1).first().asString().contains("1");
        test.advance(Play.SECOND);

        assertThat(play.log()).endsWith("task DeadlineExceededException").hasSize(2);
    }

    @GyreTest
    void cancellationIsMetWithinADeadline(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task = play.spawnLogged("task", () -> sleepWithin(Play.SECOND));
        test.runUntilIdle();

        task.cancel();
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("task CancellationException");
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void aCancellationAfterTheDeadlineIsStillMet(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> gate = new LoopFuture<>(test.loop());
        Task<Void> task =
                play.spawnLogged(
                        "task",
                        () -> {
                            play.did(catchThrowable(() -> sleepWithin(Play.SECOND)).getClass());
                            gate.await();
                        });
        test.advance(Play.SECOND);

        task.cancel();
        test.runUntilIdle();

        assertThat(play.log())
                .containsExactly(DeadlineExceededException.class, "task CancellationException");
    }

    @GyreTest
    void aFutureThatOthersAwaitOutlivesTheDeadlineOfOne(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        play.spawnLogged("hasty", () -> Task.withDeadline(Play.SECOND, () -> future.await()))
                .observe();
        play.spawnLogged("patient", future::await);

        test.advance(Play.SECOND);
        future.complete("x");
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("hasty DeadlineExceededException", "patient ended");
    }

    // shielded.

    @GyreTest
    void aShieldKeepsTheCancellationOut(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task =
                play.spawnLogged(
                        "task",
                        () -> {
                            Task.shielded(
                                    Play.HOUR,
                                    () -> {
                                        Task.sleep(Play.SECOND);
                                        Task.pause();
                                        play.did("cleaned up");
                                        return null;
                                    });
                            Task.pause();
                        });
        test.runUntilIdle();

        task.cancel();
        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("cleaned up", "task CancellationException");
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void cleanUpCanWaitInsideAShield(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task =
                play.spawn(
                        "task",
                        () -> {
                            try {
                                Task.sleep(Play.HOUR);
                            } finally {
                                Task.shielded(Play.HOUR, Play.body(() -> Task.sleep(Play.SECOND)));
                                play.did("cleaned up");
                            }
                        });
        test.runUntilIdle();

        task.cancel();
        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("cleaned up");
        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void aShieldExpires(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task =
                play.spawn(
                        "task",
                        () ->
                                play.did(
                                        catchThrowable(() ->
                                                        Task.shielded(
                                                                Play.SECOND,
                                                                Play.body(() ->
                                                                        Task.sleep(Play.HOUR))))
                                                .getClass()));
        test.runUntilIdle();
        task.cancel();

        test.advance(Play.SECOND);

        assertThat(play.log()).hasSize(1);
        assertThat(play.log().getFirst())
                .isIn(DeadlineExceededException.class, CancellationException.class);
    }

    @GyreTest
    void aShieldKeepsTheDeadlinesAroundItOutUntilItEnds(TestLoop test) {
        Play play = new Play(test);
        play.spawnLogged(
                        "task",
                        () ->
                                Task.withDeadline(
                                        Play.SECOND,
                                        () -> {
                                            Task.shielded(
                                                    Play.HOUR,
                                                    Play.body(() -> Task.sleep(TWO_SECONDS)));
                                            play.did("shield ended");
                                            Task.pause();
                                            return null;
                                        }))
                .observe();

        test.advance(TWO_SECONDS);

        assertThat(play.log()).containsExactly("shield ended", "task DeadlineExceededException");
    }

    @GyreTest
    void aDeadlineInsideAShieldHolds(TestLoop test) {
        Play play = new Play(test);
        play.spawnLogged("task", () -> Task.shielded(Play.HOUR, () -> sleepWithin(Play.SECOND)))
                .observe();

        test.advance(Play.SECOND);

        assertThat(play.log()).containsExactly("task DeadlineExceededException");
    }

    @GyreTest
    void aShieldInsideAnExpiredDeadlineStillHolds(TestLoop test) {
        Play play = new Play(test);
        play.spawnLogged(
                "task",
                () ->
                        Task.withDeadline(
                                Play.SECOND,
                                () -> {
                                    play.did(
                                            catchThrowable(() -> Task.sleep(Play.HOUR)).getClass());
                                    Task.shielded(Play.HOUR, Play.body(Task::pause));
                                    play.did("shielded");
                                    return null;
                                }));

        test.advance(Play.SECOND);

        assertThat(play.log())
                .containsExactly(DeadlineExceededException.class, "shielded", "task ended");
    }

    @GyreTest
    void aShieldLetsOutTheValueOfItsBody(TestLoop test) {
        int value = new Play(test).run(() -> Task.shielded(Play.SECOND, () -> 42));

        assertThat(value).isEqualTo(42);
        assertThat(test.loop().metrics().timers()).isZero();
    }
}

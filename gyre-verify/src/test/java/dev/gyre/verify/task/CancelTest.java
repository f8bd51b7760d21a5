package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;

/// `cancel` before, during and after a task's life, and from inside.
class CancelTest {

    @GyreTest
    void beforeTheBeginItKeepsTheTaskFromBeginning(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task = play.spawn("task", () -> play.did("began"));

        assertThat(task.cancel()).isTrue();

        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(test.loop().tasks()).isEmpty();
        test.runUntilIdle();
        assertThat(play.log()).isEmpty();
    }

    @GyreTest
    void beforeTheBeginItResumesThoseWhoAwaitTheTask(TestLoop test) {
        Play play = new Play(test);
        Task<Void> waiter =
                play.spawnLogged(
                        "waiter",
                        () -> {
                            Task<Void> task = play.spawn("task", () -> play.did("began"));
                            task.cancel();
                            task.await();
                        });

        test.runUntilIdle();

        assertThat(play.log()).containsExactly("waiter CancellationException");
        assertThat(waiter.exceptionNow()).isInstanceOf(CancellationException.class);
    }

    @GyreTest
    void twiceItSaysThatItWasAskedAlready(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task = play.spawnLogged("task", () -> Task.sleep(Play.HOUR));
        test.runUntilIdle();

        assertThat(task.cancel()).isTrue();
        assertThat(task.cancel()).isFalse();
        assertThat(task.isDone()).isFalse();
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("task CancellationException");
        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void afterTheEndItChangesNothing(TestLoop test) {
        Task<Integer> task = test.loop().spawn("task", () -> 42);
        test.runUntilIdle();

        assertThat(task.cancel()).isFalse();
        assertThat(task.resultNow()).isEqualTo(42);
    }

    @GyreTest
    void fromInsideItIsMetAtTheNextSuspension(TestLoop test) {
        Play play = new Play(test);
        play.spawnLogged(
                "task",
                () -> {
                    play.did(Task.current().cancel());
                    play.did("goes on");
                    LoopFuture.completed(test.loop(), 1).await();
                    play.did("still goes on");
                    Task.pause();
                    play.did("never");
                });

        test.runUntilIdle();

        assertThat(play.log())
                .containsExactly(true, "goes on", "still goes on", "task CancellationException");
    }

    @GyreTest
    void aTaskThatCancelsItselfAndReturnsHasItsValue(TestLoop test) {
        Task<Integer> task =
                test.loop()
                        .spawn(
                                "task",
                                () -> {
                                    Task.current().cancel();
                                    return 42;
                                });

        test.runUntilIdle();

        assertThat(task.resultNow()).isEqualTo(42);
    }

    @GyreTest
    void swallowedItComesBackAtEverySuspension(TestLoop test) {
        Play play = new Play(test);
        Task<Integer> task =
                test.loop()
                        .spawn(
                                "stubborn",
                                () -> {
                                    play.did(catchThrowable(() -> Task.sleep(Play.HOUR)));
                                    play.did(catchThrowable(Task::pause));
                                    play.did(catchThrowable(new LoopFuture<>(test.loop())::await));
                                    play.did(catchThrowable(() -> Task.sleep(Play.HOUR)));
                                    return 42;
                                });
        test.runUntilIdle();

        task.cancel();
        test.runUntilIdle();

        assertThat(play.log()).hasSize(4).allMatch(CancellationException.class::isInstance);
        assertThat(task.resultNow()).isEqualTo(42);
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void aTaskThatFailsBecauseOfItHasThatFailure(TestLoop test) {
        IllegalStateException failure = new IllegalStateException("clean-up failed");
        Task<Void> task =
                new Play(test)
                        .spawn(
                                "task",
                                () -> {
                                    try {
                                        Task.sleep(Play.HOUR);
                                    } catch (CancellationException e) {
                                        throw failure;
                                    }
                                });
        task.observe();
        test.runUntilIdle();

        task.cancel();
        test.runUntilIdle();

        assertThat(task.exceptionNow()).isSameAs(failure);
    }

    @GyreTest
    void theTaskGoesOnInALaterStep(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task = play.spawnLogged("task", () -> Task.sleep(Play.HOUR));
        test.runUntilIdle();

        test.loop()
                .addCallback(() -> {
                    task.cancel();
                    play.did("cancelled");
                });
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("cancelled", "task CancellationException");
    }

    @GyreTest
    void aSleepThatIsCancelledTakesItsTimerOut(TestLoop test) {
        Task<Void> task = new Play(test).spawn("sleeper", () -> Task.sleep(Play.HOUR));
        test.runUntilIdle();

        task.cancel();

        assertThat(test.loop().metrics().timers()).isZero();
        test.runUntilIdle();
    }

    @GyreTest
    void aPausedTaskMeetsItAfterThePause(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task = play.spawnLogged("paused", Task::pause);
        test.loop().addCallback(task::cancel);

        test.runUntilIdle();

        assertThat(play.log()).containsExactly("paused CancellationException");
    }

    // The future that is awaited.

    @GyreTest
    void theAwaitedFutureIsCancelledWhenNobodyElseWaits(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<String> task = test.loop().spawn("waiter", () -> future.await());
        test.runUntilIdle();

        task.cancel();
        test.runUntilIdle();

        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void theAwaitedFutureIsLeftToTheOthersWhoWait(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<Void> first = play.spawnLogged("first", future::await);
        play.spawnLogged("second", future::await);
        test.runUntilIdle();

        first.cancel();
        test.runUntilIdle();
        assertThat(future.isDone()).isFalse();
        future.complete("x");
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("first CancellationException", "second ended");
    }

    @GyreTest
    void theAwaitedFutureIsLeftToAListener(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        future.onDone(play::did, play::did);
        Task<String> task = test.loop().spawn("waiter", () -> future.await());
        test.runUntilIdle();

        task.cancel();
        test.runUntilIdle();
        future.complete("x");
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("x");
    }

    @GyreTest
    void ofTwoCancelledWaitersTheLastCancelsTheFuture(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        List<Task<String>> waiters =
                List.of(
                        test.loop().spawn("first", () -> future.await()),
                        test.loop().spawn("second", () -> future.await()));
        test.runUntilIdle();

        waiters.getFirst().cancel();
        assertThat(future.isDone()).isFalse();
        waiters.getLast().cancel();

        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
        test.runUntilIdle();
        assertThat(waiters).allMatch(task -> task.state() == Future.State.CANCELLED);
    }

    @GyreTest
    void aTaskThatIsAwaitedByItAloneIsCancelledToo(TestLoop test) {
        Play play = new Play(test);
        Task<Void> inner = play.spawnLogged("inner", () -> Task.sleep(Play.HOUR));
        Task<Void> outer = play.spawnLogged("outer", inner::await);
        test.runUntilIdle();

        outer.cancel();
        test.runUntilIdle();

        assertThat(play.log())
                .containsExactlyInAnyOrder(
                        "inner CancellationException", "outer CancellationException");
    }

    @GyreTest
    void aFutureThatACancelledTaskWouldAwaitIsCancelledAtOnce(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<String> task =
                test.loop()
                        .spawn(
                                "waiter",
                                () -> {
                                    Task.current().cancel();
                                    return future.await();
                                });

        test.runUntilIdle();

        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
    }

    // A value that has arrived.

    /// Nothing may keep whoever cancels, a closing loop for one, from cancelling the next.
    @GyreTest
    void whateverTheEndOfTheOperationThrowsIsReportedAndThoseWhoWaitAreTold(
            TestLoop test, ExpectLog log) {
        log.expect(2, "dev.gyre.application", Level.ERROR, "the cancellation of a future");
        LoopFuture<String> odd =
                new LoopFuture<>(
                        test.loop(),
                        () -> {
                            throw new Odd();
                        });
        LoopFuture<String> broken =
                new LoopFuture<>(
                        test.loop(),
                        () -> {
                            throw new IllegalStateException("broken");
                        });
        Task<String> first = test.loop().spawn("first", () -> odd.await());
        Task<String> second = test.loop().spawn("second", () -> broken.await());
        test.runUntilIdle();

        assertThat(first.cancel()).isTrue();
        assertThat(second.cancel()).isTrue();
        test.runUntilIdle();

        assertThat(first.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(second.state()).isEqualTo(Future.State.CANCELLED);
    }

    /// An error that is neither the language's nor the machine's.
    private static final class Odd extends Error {}

    @GyreTest
    void aValueThatHasArrivedWinsAndTheNextSuspensionThrows(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<Void> task =
                play.spawnLogged(
                        "waiter",
                        () -> {
                            play.did(future.await());
                            Task.pause();
                        });
        test.runUntilIdle();

        test.loop()
                .addCallback(() -> {
                    future.complete("value");
                    task.cancel();
                });
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("value", "waiter CancellationException");
    }

    @GyreTest
    void aValueThatComesAfterTheCancellationIsRefused(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<Void> task = play.spawnLogged("waiter", () -> play.did(future.await()));
        test.runUntilIdle();

        test.loop()
                .addCallback(() -> {
                    task.cancel();
                    play.did(future.complete("value"));
                });
        test.runUntilIdle();

        assertThat(play.log()).containsExactly(false, "waiter CancellationException");
    }

    @GyreTest
    void aValueForAllArrivesAtThemAlthoughOneIsCancelled(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<Void> first = play.spawnLogged("first", () -> play.did(future.await()));
        play.spawnLogged("second", () -> play.did(future.await()));
        test.runUntilIdle();

        test.loop()
                .addCallback(() -> {
                    first.cancel();
                    future.complete("value");
                });
        test.runUntilIdle();

        assertThat(play.log())
                .containsExactlyInAnyOrder("value", "second ended", "first CancellationException");
    }

    @GyreTest
    void aForeignThreadIsRefused(TestLoop test) throws Exception {
        Task<Void> task = new Play(test).spawn("sleeper", () -> Task.sleep(Play.HOUR));
        Throwable[] thrown = {null};
        test.loop()
                .addCallback(() -> {
                    Thread foreign =
                            Thread.ofPlatform()
                                    .start(() -> thrown[0] = catchThrowable(task::cancel));
                    foreign.join();
                });

        test.runUntil(() -> thrown[0] != null);

        assertThat(thrown[0])
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("Task.cancel", "addCallback");
        task.cancel();
        test.runUntilIdle();
    }
}

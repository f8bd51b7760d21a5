package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;

/// Interrupts of a coroutine's thread: for `await` they are a cancellation, and never a busy loop.
class InterruptTest {

    /// Interrupts a thread from another one, as code that knows nothing of loops would.
    private static void interruptFromOutside(Thread thread) throws InterruptedException {
        Thread.ofPlatform().start(thread::interrupt).join();
    }

    @GyreTest
    void anInterruptFromOutsideEndsTheAwaitAsACancellation(TestLoop test) throws Exception {
        Play play = new Play(test);
        Thread[] thread = {null};
        Task<Void> task =
                play.spawnLogged(
                        "waiter",
                        () -> {
                            thread[0] = Thread.currentThread();
                            new LoopFuture<>(test.loop()).await();
                        });
        test.runUntilIdle();

        interruptFromOutside(thread[0]);
        test.runUntil(task::isDone);

        assertThat(play.log()).containsExactly("waiter CancellationException");
        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void anInterruptDuringASleepEndsItAndItsTimer(TestLoop test) throws Exception {
        Thread[] thread = {null};
        Task<Void> task =
                new Play(test)
                        .spawn(
                                "sleeper",
                                () -> {
                                    thread[0] = Thread.currentThread();
                                    Task.sleep(Play.HOUR);
                                });
        test.runUntilIdle();

        interruptFromOutside(thread[0]);
        test.runUntil(task::isDone);

        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void anInterruptThatCameBeforeIsMetByTheNextAwait(TestLoop test) {
        Play play = new Play(test);
        play.spawnLogged(
                "self",
                () -> {
                    Thread.currentThread().interrupt();
                    LoopFuture.completed(test.loop(), 1).await();
                    play.did("went on");
                    Task.pause();
                });

        test.runUntilIdle();

        assertThat(play.log()).containsExactly("went on", "self CancellationException");
    }

    @GyreTest
    void theInterruptStatusIsClearWhenTheAwaitThrows(TestLoop test) {
        boolean left =
                new Play(test)
                        .run(() -> {
                            Thread.currentThread().interrupt();
                            try {
                                Task.sleep(Play.HOUR);
                            } catch (RuntimeException e) {
                                return Thread.currentThread().isInterrupted();
                            }
                            return true;
                        });

        assertThat(left).isFalse();
    }

    @GyreTest
    void anInterruptThatCannotEndTheWaitDoesNotSpin(TestLoop test) throws Exception {
        Play play = new Play(test);
        Thread[] thread = {null};
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<Void> task =
                play.spawnLogged(
                        "shielded",
                        () -> {
                            thread[0] = Thread.currentThread();
                            play.did(Task.shielded(Play.HOUR, () -> future.await()));
                            Task.pause();
                        });
        test.runUntilIdle();

        interruptFromOutside(thread[0]);
        // A loop that spins is never idle.
        test.runUntilIdle();
        assertThat(play.log()).isEmpty();
        future.complete("value");
        test.runUntil(task::isDone);

        assertThat(play.log()).containsExactly("value", "shielded CancellationException");
    }

    @GyreTest
    void anInterruptedCallbackDoesNotDisturbTheNext(TestLoop test) {
        Play play = new Play(test);
        test.loop().addCallback(() -> Thread.currentThread().interrupt());
        test.loop().addCallback(() -> play.did(Thread.currentThread().isInterrupted()));

        test.runUntilIdle();

        assertThat(play.log()).containsExactly(false);
    }

    @GyreTest
    void interruptBlockingCallsCancelsATaskThatOnlyAwaits(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task = play.spawnLogged("waiter", () -> Task.sleep(Play.HOUR));
        test.runUntilIdle();

        task.interruptBlockingCalls();
        test.runUntil(task::isDone);

        assertThat(play.log()).containsExactly("waiter CancellationException");
    }

    @GyreTest
    void interruptBlockingCallsOfATaskThatHasEndedDoesNothing(TestLoop test) {
        Task<Integer> task = test.loop().spawn("ended", () -> 42);
        test.runUntilIdle();

        task.interruptBlockingCalls();
        test.runUntilIdle();

        assertThat(task.resultNow()).isEqualTo(42);
    }

    @GyreTest
    @Tag("carrier")
    void interruptBlockingCallsEndsAJdkCall(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task = play.spawnLogged("sleeper", () -> BlockingCalls.sleep(Play.HOUR));
        task.observe();
        test.runUntilIdle();

        task.interruptBlockingCalls();
        test.runUntil(task::isDone);

        assertThat(play.log()).containsExactly("sleeper InterruptedException");
    }

    @GyreTest
    @Tag("carrier")
    void aTaskInAJdkCallMeetsItsCancellationAtTheNextSuspension(TestLoop test) {
        Play play = new Play(test);
        CompletableFuture<String> call = new CompletableFuture<>();
        Task<Void> task =
                play.spawnLogged(
                        "caller",
                        () -> {
                            play.did(call.get());
                            Task.pause();
                        });
        test.runUntilIdle();

        assertThat(task.cancel()).isTrue();
        test.runUntilIdle();
        assertThat(play.log()).isEmpty();
        call.complete("returned");
        test.runUntil(task::isDone);

        assertThat(play.log()).containsExactly("returned", "caller CancellationException");
    }

    @GyreTest
    void aForeignThreadMayNotInterruptBlockingCalls(IOLoop loop) throws Exception {
        Task<Integer> task = loop.spawn("task", () -> 1);
        Throwable[] thrown = {null};
        loop.addCallback(() ->
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                task.interruptBlockingCalls();
                            } catch (IllegalStateException e) {
                                thrown[0] = e;
                            } finally {
                                loop.stop();
                            }
                        }));

        loop.start();

        assertThat(thrown[0]).hasMessageContaining("addCallback");
    }
}

package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;

/// What `await` gives, and where it may not be called.
class AwaitTest {

    @GyreTest
    void itGivesTheValue(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        test.loop().callLater(Play.SECOND, () -> future.complete("x"));
        Task<String> task = test.loop().spawn("waiter", () -> future.await());

        test.advance(Play.SECOND);

        assertThat(task.resultNow()).isEqualTo("x");
    }

    @GyreTest
    void itThrowsTheFailureItselfAlsoACheckedOne(TestLoop test) {
        GeneralSecurityException failure = new GeneralSecurityException("reset");
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        test.loop().addCallback(() -> future.fail(failure));

        Throwable thrown = new Play(test).fail(future::await);

        assertThat(thrown).isSameAs(failure);
    }

    @GyreTest
    void itThrowsErrorsAsTheyAre(TestLoop test) {
        AssertionError failure = new AssertionError("wrong");

        Throwable thrown = new Play(test).fail(LoopFuture.failed(test.loop(), failure)::await);

        assertThat(thrown).isSameAs(failure);
    }

    @GyreTest
    void aCancelledFutureThrowsACancellation(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<Throwable> task = test.loop().spawn("waiter", () -> catchThrowable(future::await));
        test.runUntilIdle();

        future.cancel();
        test.runUntilIdle();

        assertThat(task.resultNow()).isInstanceOf(CancellationException.class);
    }

    @GyreTest
    void theCancellationOfSomethingElseIsAFailureOfTheTaskThatLetsItOut(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        Task<String> task = test.loop().spawn("waiter", () -> future.await());
        test.runUntilIdle();

        future.cancel();
        test.runUntilIdle();

        assertThat(task.state()).isEqualTo(java.util.concurrent.Future.State.FAILED);
        assertThat(task.exceptionNow()).isInstanceOf(CancellationException.class);
    }

    @GyreTest
    void aFinishedFutureLetsTheTaskGoOnInTheSameTurn(TestLoop test) {
        long turns =
                new Play(test)
                        .run(() -> {
                            long before = test.loop().metrics().turns();
                            for (int i = 0; i < 100; i++) {
                                LoopFuture.completed(test.loop(), i).await();
                            }
                            return test.loop().metrics().turns() - before;
                        });

        assertThat(turns).isZero();
    }

    @GyreTest
    void severalTasksMayAwaitOneFutureAndGoOnInTheirOrder(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        for (String name : List.of("a", "b", "c")) {
            play.spawn(name, () -> play.did(name + future.await()));
        }
        test.runUntilIdle();

        future.complete("!");
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("a!", "b!", "c!");
    }

    @GyreTest
    void tasksAndListenersOfOneFutureKeepTheirOrder(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        future.onDone(value -> play.did("listener"), failure -> {});
        play.spawn(
                "task",
                () -> {
                    future.await();
                    play.did("task");
                });
        test.runUntilIdle();
        future.onDone(value -> play.did("later listener"), failure -> {});

        future.complete("x");
        test.runUntilIdle();

        assertThat(play.log()).containsExactly("listener", "task", "later listener");
    }

    // Misuse.

    @GyreTest
    void outsideOfTasksItSaysWhatToDo(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());

        assertThatIllegalStateException()
                .isThrownBy(future::await)
                .withMessageContaining("loop.spawn");
        assertThatIllegalStateException()
                .isThrownBy(() -> future.await(Play.SECOND))
                .withMessageContaining("loop.spawn");
        assertThat(future.isDone()).isFalse();
    }

    @GyreTest
    void inACallbackItSaysWhatToDo(TestLoop test) {
        Callback await = () -> new LoopFuture<>(test.loop()).await();
        List<Throwable> thrown = new ArrayList<>();
        test.loop().addCallback(() -> thrown.add(catchThrowable(await::run)));
        test.loop().callLater(Play.SECOND, () -> thrown.add(catchThrowable(await::run)));
        test.loop().beforePoll(() -> thrown.add(catchThrowable(await::run)));

        test.advance(Play.SECOND);

        assertThat(thrown)
                .hasSize(3)
                .allSatisfy(each ->
                        assertThat(each)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("loop.spawn"));
    }

    @GyreTest
    void onAFinishedFutureItWorksEverywhere(TestLoop test) {
        LoopFuture<String> future = LoopFuture.completed(test.loop(), "x");
        List<String> values = new ArrayList<>();
        test.loop().addCallback(() -> values.add(future.await()));
        values.add(future.await());

        test.runUntilIdle();

        assertThat(values).containsExactly("x", "x");
    }

    @GyreTest
    void whatSuspendsOutsideOfTasksSaysWhatToDo(IOLoop loop) {
        assertThatIllegalStateException()
                .isThrownBy(() -> Task.sleep(Play.SECOND))
                .withMessageContainingAll("Task.sleep", "loop.spawn");
        assertThatIllegalStateException()
                .isThrownBy(Task::pause)
                .withMessageContainingAll("Task.pause", "loop.spawn");
        assertThatIllegalStateException()
                .isThrownBy(() -> Task.withDeadline(Play.SECOND, () -> 1))
                .withMessageContainingAll("Task.withDeadline", "loop.spawn");
        assertThatIllegalStateException()
                .isThrownBy(() -> Task.shielded(Play.SECOND, () -> 1))
                .withMessageContainingAll("Task.shielded", "loop.spawn");
        assertThatIllegalStateException()
                .isThrownBy(() -> TaskScope.call(scope -> 1))
                .withMessageContainingAll("TaskScope.call", "loop.spawn");
        assertThatIllegalStateException()
                .isThrownBy(() -> TaskScope.run(scope -> {}))
                .withMessageContainingAll("TaskScope.run", "loop.spawn");
        assertThatIllegalStateException()
                .isThrownBy(() -> TaskScope.race(() -> 1))
                .withMessageContainingAll("TaskScope.race", "loop.spawn");
        assertThatIllegalStateException()
                .isThrownBy(() -> TaskScope.collect(() -> 1))
                .withMessageContainingAll("TaskScope.collect", "loop.spawn");
        assertThatIllegalStateException()
                .isThrownBy(Task::current)
                .withMessageContainingAll("Task.current", "loop.spawn");
        assertThat(loop.metrics().timers()).isZero();
    }

    @GyreTest
    void inATaskOfAnotherLoopItNamesAddCallback(TestLoop test) {
        try (TestLoop other = new TestLoop()) {
            LoopFuture<String> future = new LoopFuture<>(other.loop());

            Throwable thrown = new Play(test).fail(future::await);

            assertThat(thrown)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(
                            "addCallback", other.loop().name(), test.loop().name());
        }
    }

    @GyreTest
    void onAForeignThreadItIsRefused(TestLoop test) throws Exception {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        FutureTask<String> foreign = new FutureTask<>(future::await);
        Thread.ofVirtual().start(foreign);

        assertThatThrownBy(foreign::get)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("loop.spawn");
    }

    @GyreTest
    void aVirtualThreadStartedByATaskIsForeign(TestLoop test) {
        Throwable thrown =
                new Play(test)
                        .run(() -> {
                            FutureTask<Throwable> child =
                                    new FutureTask<>(() -> catchThrowable(Task::pause));
                            Thread.ofVirtual().start(child);
                            return test.loop().runInExecutor(() -> child.get()).await();
                        });

        assertThat(thrown)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("loop.spawn");
    }
}

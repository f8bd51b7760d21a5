package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.Body;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(GyreTest.SECONDS_MAX)
class RunInExecutorTest {

    private final List<Object> outcomes = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();

    /// An executor whose jobs the test runs.
    private final Executor holding = held::add;

    @GyreTest
    void theCallRunsElsewhereAndItsResultArrivesOnTheLoop(TestLoop test) {
        List<Thread> threads = new ArrayList<>();
        test.loop()
                .runInExecutor(Thread::currentThread)
                .onDone(
                        worker -> {
                            threads.add(worker);
                            threads.add(Thread.currentThread());
                        },
                        outcomes::add);

        test.runUntilIdle();

        assertThat(outcomes).isEmpty();
        assertThat(threads.getFirst().getName()).isNotEqualTo(test.loop().name());
        assertThat(threads.getLast().getName()).isEqualTo(test.loop().name());
    }

    @GyreTest
    void aCallWithoutAResultTellsItsEnd(TestLoop test) {
        LoopFuture<Void> here =
                test.loop()
                        .runInExecutor(() -> {
                            outcomes.add("ran");
                        });
        LoopFuture<Void> elsewhere =
                test.loop()
                        .runInExecutor(
                                holding,
                                () -> {
                                    throwIt();
                                });
        held.getFirst().run();
        test.runUntilIdle();

        assertThat(outcomes).containsExactly("ran");
        assertThat(here.resultNow()).isNull();
        assertThat(elsewhere.exceptionNow()).isInstanceOf(FileNotFoundException.class);
    }

    private static void throwIt() throws FileNotFoundException {
        throw new FileNotFoundException("deliberate");
    }

    @GyreTest
    void aFailurePassesAsItIs(TestLoop test) {
        LoopFuture<String> future =
                test.loop()
                        .runInExecutor(() -> {
                            throw new FileNotFoundException("no such file");
                        });

        test.runUntilIdle();

        assertThat(future.exceptionNow())
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage("no such file");
    }

    @GyreTest
    void anErrorOfTheMachineGoesToWhoWaitsAndDoesNotStopTheLoop(TestLoop test) {
        LoopFuture<String> future =
                test.loop()
                        .runInExecutor(() -> {
                            throw new StackOverflowError("too deep");
                        });

        test.runUntilIdle();

        assertThat(future.exceptionNow()).isInstanceOf(StackOverflowError.class);
    }

    @GyreTest
    void aNullResultIsAResult(TestLoop test) {
        LoopFuture<String> future = test.loop().runInExecutor(() -> null);

        test.runUntilIdle();

        assertThat(future.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(future.resultNow()).isNull();
    }

    @Test
    void twoCallsThatWaitForEachOtherBothEnd() {
        CyclicBarrier both = new CyclicBarrier(2);
        try (IOLoop loop = new IOLoop()) {
            for (int i = 0; i < 2; i++) {
                loop.runInExecutor(() -> both.await())
                        .onDone(arrival -> endWith(loop, arrival), failure -> loop.stop());
            }

            loop.start();
        }

        assertThat(outcomes).containsExactlyInAnyOrder(0, 1);
    }

    private void endWith(IOLoop loop, Object outcome) {
        outcomes.add(outcome);
        if (outcomes.size() == 2) {
            loop.stop();
        }
    }

    @Test
    void byDefaultCallsRunOnDaemonPlatformThreadsWithAName() {
        List<Thread> workers = new ArrayList<>();
        try (IOLoop loop = new IOLoop()) {
            loop.runInExecutor(Thread::currentThread)
                    .onDone(
                            worker -> {
                                workers.add(worker);
                                loop.stop();
                            },
                            failure -> loop.stop());

            loop.start();
        }

        assertThat(workers)
                .singleElement()
                .satisfies(worker -> {
                    assertThat(worker.isVirtual()).isFalse();
                    assertThat(worker.isDaemon()).isTrue();
                    assertThat(worker.getName()).startsWith("gyre-worker-");
                });
    }

    @Test
    void theExecutorOfTheOptionsGetsEachCallOnce() {
        try (IOLoop loop = new IOLoop(LoopOptions.defaults().withExecutor(holding))) {
            LoopFuture<String> future = loop.runInExecutor(() -> "done");

            assertThat(held).hasSize(1);
            assertThat(future.isDone()).isFalse();
        }
    }

    @GyreTest
    void anExecutorOfTheCallersIsUsedInsteadOfTheLoops(TestLoop test) {
        LoopFuture<String> future = test.loop().runInExecutor(holding, () -> "done");
        test.runUntilIdle();
        assertThat(future.isDone()).isFalse();

        held.getFirst().run();
        assertThat(future.isDone()).isFalse();
        test.runUntilIdle();

        assertThat(future.resultNow()).isEqualTo("done");
    }

    @GyreTest
    void aRefusalIsAFailedFuture(IOLoop loop) {
        Executor refusing =
                job -> {
                    throw new RejectedExecutionException("full");
                };

        LoopFuture<String> future = loop.runInExecutor(refusing, () -> "never");

        assertThat(future.exceptionNow())
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("full");
    }

    @GyreTest
    void aCallCancelledBeforeItsBeginIsNotMade(TestLoop test) {
        LoopFuture<Boolean> future =
                test.loop().runInExecutor(holding, () -> outcomes.add("called"));

        assertThat(future.cancel()).isTrue();
        held.getFirst().run();
        test.runUntilIdle();

        assertThat(outcomes).isEmpty();
        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
    }

    @GyreTest
    void theResultOfACallCancelledMeanwhileIsDropped(TestLoop test) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        LoopFuture<String> future =
                test.loop()
                        .runInExecutor(() -> {
                            begun.countDown();
                            LoopOnThread.await(cancelled);
                            return "too late";
                        });
        LoopOnThread.await(begun);

        future.cancel();
        cancelled.countDown();
        test.runUntilIdle();

        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
    }

    @Test
    void aResultForAClosedLoopIsDropped() {
        IOLoop loop = new IOLoop(LoopOptions.defaults().withExecutor(holding));
        LoopFuture<String> future = loop.runInExecutor(() -> "done");
        loop.close();

        held.getFirst().run();

        assertThat(future.isDone()).isFalse();
    }

    @GyreTest
    void nullIsRefusedAtTheCall(IOLoop loop) {
        assertThatNullPointerException().isThrownBy(() -> loop.runInExecutor((Body) null));
    }
}

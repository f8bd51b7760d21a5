package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.BareCallback;
import dev.gyre.loop.ContextVar;
import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopLock;
import dev.gyre.sync.LoopQueue;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What a program does wrong stays with the one who did it.
final class MisuseTest {

    @Test
    void aTaskThatSwallowsItsCancellationForEverHoldsUpNobody() {
        List<String> ticks = new ArrayList<>();
        try (IOLoop loop = new IOLoop()) {
            Task<Void> stubborn = loop.spawn("stubborn", MisuseTest::sleepForEver);
            loop.addCallback(stubborn::cancel);
            loop.addCallback(() -> tick(loop, ticks, 100));

            loop.start();

            assertThat(ticks).hasSize(100);
            assertThat(stubborn.isDone()).isFalse();
        }
    }

    private static Void sleepForEver() {
        while (!IOLoop.current().tasks().isEmpty()) {
            try {
                Task.sleep(Duration.ofMillis(1));
            } catch (CancellationException e) {
                // The exception is swallowed, as by somebody who catches all.
            }
        }
        return null;
    }

    private static void tick(IOLoop loop, List<String> ticks, int left) {
        if (left == 0) {
            loop.stop();
            return;
        }
        ticks.add("tick");
        loop.addCallback(() -> tick(loop, ticks, left - 1));
    }

    @GyreTest
    void anAwaitThatIsRefusedGivesUpItsPlaceInTheLine(TestLoop test) {
        LoopLock lock = new LoopLock(test.loop());
        LoopQueue<String> queue = LoopQueue.fifo(test.loop(), 1);
        lock.acquire();
        List<Class<?>> thrown = new ArrayList<>();
        test.loop().addCallback(() -> thrown.add(typeThrownBy(() -> lock.acquire().await())));
        test.loop().addCallback(() -> thrown.add(typeThrownBy(() -> queue.take().await())));
        test.runUntilIdle();

        lock.release();
        queue.put("item");
        test.runUntilIdle();

        assertThat(thrown)
                .containsExactly(IllegalStateException.class, IllegalStateException.class);
        assertThat(lock.isLocked()).isFalse();
        assertThat(queue.tryTake()).isEqualTo("item");
    }

    private static Class<?> typeThrownBy(Runnable code) {
        try {
            code.run();
            return Void.class;
        } catch (RuntimeException e) {
            return e.getClass();
        }
    }

    @GyreTest
    void aTaskDoesNotAwaitItself(TestLoop test) {
        Task<Void> task =
                test.loop()
                        .spawn(
                                "narcissus",
                                () -> {
                                    Task.current().await();
                                    return null;
                                });

        test.runUntilIdle();

        assertThat(task.exceptionNow()).hasMessageContaining("awaits itself");
    }

    @GyreTest
    void aNullLimitIsRefusedAndLeavesNoShieldBehind(TestLoop test) {
        Task<Void> task =
                test.loop()
                        .spawn(
                                "null",
                                () -> {
                                    assertThatExceptionOfType(NullPointerException.class)
                                            .isThrownBy(() -> Task.shielded(nothing(), () -> 1))
                                            .withMessage("limit");
                                    Task.sleep(Duration.ofHours(1));
                                    return null;
                                });
        test.runUntilIdle();

        task.cancel();
        test.runUntilIdle();

        assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
    }

    @SuppressWarnings("NullAway") // What is to be refused.
    private static Duration nothing() {
        return null;
    }

    @GyreTest
    void anOuterDeadlineLeavesTheFutureToThoseWhoGoOnWaiting(TestLoop test) {
        LoopFuture<String> shared = new LoopFuture<>(test.loop());
        Task<String> patient = test.loop().spawn("patient", () -> shared.await());
        Task<String> hasty =
                test.loop()
                        .spawn(
                                "hasty",
                                () ->
                                        Task.withDeadline(
                                                Duration.ofMillis(30),
                                                () -> shared.await(Duration.ofHours(1))));
        test.runUntilIdle();

        test.advance(Duration.ofMillis(30));

        assertThat(hasty.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
        shared.complete("value");
        test.runUntilIdle();
        assertThat(patient.resultNow()).isEqualTo("value");
    }

    @GyreTest
    void aDeadlineThatHasPassedIsSeenByTheNextSuspension(TestLoop test) {
        Task<Void> task =
                test.loop()
                        .spawn(
                                "late",
                                () ->
                                        Task.withDeadline(
                                                Duration.ofMillis(5),
                                                () -> {
                                                    test.time().advance(Duration.ofMillis(50));
                                                    Task.pause();
                                                    return null;
                                                }));

        test.runUntilIdle();

        assertThat(task.exceptionNow()).hasMessage("not done within 5 ms");
    }

    @GyreTest
    void childrenDoNotKeepAParentThatHasEnded(TestLoop test) {
        WeakReference<Task<?>> parent = new WeakReference<>(spawnParent(test));
        test.runUntilIdle();

        while (parent.get() != null) {
            System.gc();
        }

        assertThat(test.loop().tasks()).hasSize(1);
        test.loop().tasks().forEach(Task::cancel);
        test.runUntilIdle();
    }

    private static Task<?> spawnParent(TestLoop test) {
        return test.loop().spawn("parent", () -> test.loop().spawn("child", () -> sleepAnHour()));
    }

    private static Void sleepAnHour() {
        Task.sleep(Duration.ofHours(1));
        return null;
    }

    @Test
    void aStackOverflowInATaskIsAFailureAndNotTheEndOfTheLoop() {
        try (IOLoop loop = new IOLoop()) {
            Task<Integer> deep = loop.spawn("deep", () -> recurse(0));

            String answer =
                    loop.runSync(() -> {
                        try {
                            return "value " + deep.await();
                        } catch (StackOverflowError e) {
                            return "overflow";
                        }
                    });

            assertThat(answer).isEqualTo("overflow");
        }
    }

    @SuppressWarnings("InfiniteRecursion") // The point.
    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Test
    void aBareCallbackThatThrowsIsReportedAndTheLoopGoesOn() {
        List<String> reports = new ArrayList<>();
        LoopOptions options =
                LoopOptions.defaults()
                        .withUncaughtHandler((loop, running, failure) -> {
                            reports.add(failure.getMessage());
                            loop.addCallback(loop::stop);
                        });
        try (IOLoop loop = new IOLoop(options)) {
            BareCallback broken =
                    () -> {
                        throw new IllegalStateException("broken");
                    };
            loop.addCallback(broken);

            loop.start();

            assertThat(reports).containsExactly("broken");
        }
    }

    @GyreTest
    void whatIsSubmittedOnTheLoopHasTheContextOfItsCaller(TestLoop test) {
        ContextVar<String> request = ContextVar.withDefault("none");
        List<CompletableFuture<String>> results = new ArrayList<>();
        test.loop()
                .addCallback(() -> {
                    request.set("r-1");
                    results.add(test.loop().submit(request::get));
                });

        test.runUntilIdle();

        assertThat(results.getFirst()).isCompletedWithValue("r-1");
    }
}

package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.BareCallback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.PeriodicCallback;
import dev.gyre.loop.Task;
import dev.gyre.sync.LoopQueue;
import dev.gyre.testing.GyreTest;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/// All code of the user's runs in some coroutine: the loop's own thread could not be suspended, and
/// a lock that such code wants may be held by a coroutine that only this thread can resume.
class UserCodeThreadTest {

    /// What ran, and whether that was in a coroutine.
    private final Map<String, Boolean> seen = new TreeMap<>();

    private void here(String what) {
        seen.merge(what, Thread.currentThread().isVirtual(), Boolean::logicalAnd);
    }

    /// A loop whose handler of failures, and whose executor, tell where they are called.
    private IOLoop open() {
        return new IOLoop(
                LoopOptions.defaults()
                        .withUncaughtHandler((loop, running, failure) -> here("uncaught handler"))
                        .withExecutor(job -> {
                            here("executor");
                            job.run();
                        }));
    }

    /// Runs some work, and the loop until so many things were seen.
    private void runWith(IOLoop loop, int count, Runnable work) {
        loop.addCallback(work::run);
        loop.addCallback(() -> stopOnceSeen(loop, count));
        loop.start();
    }

    private void stopOnceSeen(IOLoop loop, int count) {
        if (seen.size() >= count) {
            loop.stop();
        } else {
            loop.addCallback(() -> stopOnceSeen(loop, count));
        }
    }

    @GyreTest
    void whatIsScheduledOnTheLoop() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.sink().configureBlocking(false);
        IOLoop loop = open();
        AtomicReference<PeriodicCallback> periodic = new AtomicReference<>();
        runWith(
                loop,
                8,
                () -> {
                    here("callback");
                    loop.callLater(Duration.ZERO, () -> here("timer"));
                    loop.beforePoll(() -> here("hook"));
                    loop.spawn("task", () -> seen.put("task", Thread.currentThread().isVirtual()));
                    loop.addHandler(
                            pipe.sink(),
                            (sink, events) -> {
                                here("handler");
                                loop.removeHandler(sink);
                            },
                            IOLoop.WRITE);
                    loop.addCallback((BareCallback) UserCodeThreadTest::fail);
                    periodic.set(new PeriodicCallback(() -> here("periodic"), Duration.ofNanos(1)));
                    periodic.get().start();
                    loop.runInExecutor(() -> 1).observe();
                });
        periodic.get().stop();
        loop.close();
        pipe.sink().close();
        pipe.source().close();

        assertThat(seen)
                .containsOnlyKeys(
                        "callback",
                        "executor",
                        "handler",
                        "hook",
                        "periodic",
                        "task",
                        "timer",
                        "uncaught handler")
                .doesNotContainValue(false);
    }

    private static void fail() {
        throw new IllegalStateException("a bare callback that throws");
    }

    @GyreTest
    void whatHangsOnFuturesAndTasks() {
        IOLoop loop = open();
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        List<CompletableFuture<?>> hanging = new ArrayList<>();
        hanging.add(stage.whenComplete((value, failure) -> here("dependent of a stage")));
        runWith(
                loop,
                7,
                () -> {
                    LoopFuture<Integer> value = new LoopFuture<>(loop);
                    value.onDone(got -> here("listener"), failure -> {});
                    value.map(got -> seen.put("map", Thread.currentThread().isVirtual())).observe();
                    hanging.add(
                            value.toCompletableFuture().thenRun(() -> here("dependent outside")));
                    hanging.add(loop.submit(() -> 1).thenRun(() -> here("dependent of a submit")));
                    loop.callLater(Duration.ZERO, (BareCallback) () -> value.complete(1));
                    awaitBriefly(
                            loop, new LoopFuture<>(loop, () -> here("cancelled by a time-out")));
                    awaitBriefly(loop, loop.adopt(stage));
                    LoopFuture<Integer> cancelled =
                            new LoopFuture<>(loop, () -> here("cancelled by its task"));
                    Task<Integer> task = loop.spawn("waiter", () -> cancelled.await());
                    loop.callLater(Duration.ZERO, task::cancel);
                    loop.spawn(
                            "forgotten", () -> LoopFuture.failed(loop, new IOException()).await());
                });
        loop.close();

        assertThat(hanging).allMatch(CompletableFuture::isDone);
        assertThat(seen)
                .containsOnlyKeys(
                        "cancelled by a time-out",
                        "cancelled by its task",
                        "dependent of a stage",
                        "dependent of a submit",
                        "dependent outside",
                        "listener",
                        "map",
                        "uncaught handler")
                .doesNotContainValue(false);
    }

    private static void awaitBriefly(IOLoop loop, LoopFuture<Integer> future) {
        loop.spawn("impatient", () -> future.await(Duration.ofNanos(1))).observe();
    }

    @GyreTest
    void theOrderOfAQueueAndWhatAClosingLoopCancels() {
        IOLoop loop = open();
        LoopQueue<Integer> queue =
                LoopQueue.priority(
                        loop,
                        1,
                        (left, right) -> {
                            here("order");
                            return left.compareTo(right);
                        });
        runWith(
                loop,
                2,
                () -> {
                    queue.put(2);
                    queue.put(1);
                    loop.spawn("taker", () -> queue.take().await()).observe();
                    loop.spawn(
                            "left",
                            () -> {
                                here("task that is left");
                                Runnable stop = () -> here("cancelled by the close");
                                return new LoopFuture<>(loop, stop).await();
                            });
                });
        loop.close();

        assertThat(seen)
                .containsOnlyKeys("order", "task that is left", "cancelled by the close")
                .doesNotContainValue(false);
    }
}

package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopMetrics;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;

/// A stack trace of a coroutine that can run makes the JDK queue it once more. That must neither
/// fill the queue nor resume anybody for nothing.
class StackTracesUnderLoadTest {

    private static final int TASKS = 50;
    private static final int TRACES = 10_000;

    /// The traces are taken while all these coroutines can run and none does: the worst case.
    @GyreTest
    @Tag("carrier")
    void tenThousandTracesOfRunnableCoroutinesQueueThemOnceOnly(TestLoop test) {
        List<Thread> threads = new ArrayList<>();
        int[] ended = {0};
        for (int i = 0; i < TASKS; i++) {
            new Play(test)
                    .spawn(
                            "yielding",
                            () -> {
                                threads.add(Thread.currentThread());
                                for (int j = 0; j < 3; j++) {
                                    BlockingCalls.yieldThread();
                                }
                                ended[0]++;
                            });
        }
        LoopMetrics[] before = {null};
        LoopMetrics[] after = {null};
        test.loop()
                .addCallback(() -> {
                    takeTraces(threads);
                    // What the traces have queued runs in the next turn, before this.
                    inNextTurn(
                            test,
                            metrics -> {
                                before[0] = metrics;
                                inNextTurn(test, later -> after[0] = later);
                            });
                });

        test.runUntil(() -> ended[0] == TASKS && after[0] != null);

        assertThat(threads).hasSize(TASKS);
        assertThat(after[0].turns() - before[0].turns()).isEqualTo(1);
        // There is one step for each coroutine, and a few of the loop's own.
        assertThat(after[0].callbacks() - before[0].callbacks())
                .isBetween((long) TASKS, 2L * TASKS);
    }

    private static void inNextTurn(TestLoop test, Consumer<LoopMetrics> reader) {
        test.loop().addCallback(() -> reader.accept(test.loop().metrics()));
    }

    private static void takeTraces(List<Thread> threads) {
        int frames = 0;
        for (int i = 0; i < TRACES; i++) {
            frames += threads.get(i % threads.size()).getStackTrace().length;
        }
        assertThat(frames).isPositive();
    }

    @GyreTest
    void tracesTakenByAForeignThreadLoseAndDoubleNothing(TestLoop test) throws Exception {
        Play play = new Play(test);
        List<Thread> threads = new ArrayList<>();
        long[] rounds = new long[TASKS];
        AtomicBoolean over = new AtomicBoolean();
        for (int i = 0; i < TASKS; i++) {
            int number = i;
            play.spawn(
                    "task",
                    () -> {
                        threads.add(Thread.currentThread());
                        Task.pause();
                        while (!over.get()) {
                            rounds[number]++;
                            BlockingCalls.yieldThread();
                            Task.pause();
                        }
                    });
        }
        test.runUntil(() -> threads.size() == TASKS);
        AtomicLong frames = new AtomicLong();
        Thread tracer =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; i < TRACES; i++) {
                                frames.addAndGet(threads.get(i % TASKS).getStackTrace().length);
                            }
                            over.set(true);
                        });

        test.runUntil(() -> test.loop().tasks().isEmpty());

        tracer.join();
        assertThat(frames.get()).isPositive();
        // A task that was resumed for nothing would have got ahead of the others by far.
        long least = java.util.Arrays.stream(rounds).min().orElseThrow();
        long most = java.util.Arrays.stream(rounds).max().orElseThrow();
        assertThat(least).isPositive();
        assertThat(most - least).isLessThanOrEqualTo(TRACES);
    }
}

package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.sync.LoopSemaphore;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/// An await that ends because the stack is used up leaves nothing behind: the next one is as if it
/// had not been.
class OverflowingAwaitTest {

    /// Calls in the deepest frame that can, and gives up in the one that cannot.
    private static void atTheBottom(Runnable call) {
        try {
            atTheBottom(call, 0);
        } catch (StackOverflowError e) {
            // The stack has overflowed, as planned.
            return;
        }
        throw new AssertionError("the stack has no end");
    }

    @SuppressWarnings("InfiniteRecursion") // That is the point.
    private static int atTheBottom(Runnable call, int depth) {
        call.run();
        return atTheBottom(call, depth + 1) + 1;
    }

    /// Awaits something that is not done, where the stack cannot be copied any more.
    private static void overflow(LoopFuture<?> future) {
        Task.pause();
        int[] depth = {0};
        atTheBottom(() -> depth[0]++);
        int frames = depth[0];
        boolean overflowed = false;
        while (!overflowed) {
            frames -= frames / 50 + 1;
            overflowed = overflows(frames, future);
        }
    }

    /// Returns whether the call overflowed in the await, and not before.
    private static boolean overflows(int frames, LoopFuture<?> future) {
        boolean[] reached = {false};
        try {
            awaitBelow(frames, future, reached);
            throw new AssertionError("it was never completed");
        } catch (StackOverflowError e) {
            return reached[0];
        }
    }

    private static int awaitBelow(int frames, LoopFuture<?> future, boolean[] reached) {
        if (frames == 0) {
            reached[0] = true;
            future.await();
            return 0;
        }
        return 1 + awaitBelow(frames - 1, future, reached);
    }

    @GyreTest
    void theNextAwaitGetsWhatItAwaits(TestLoop test) {
        LoopFuture<String> broken = new LoopFuture<>(test.loop());
        LoopFuture<String> awaited = new LoopFuture<>(test.loop());
        Task<String> task =
                test.loop()
                        .spawn(
                                "overflowing",
                                () -> {
                                    overflow(broken);
                                    return awaited.await();
                                });
        test.runUntilIdle();

        broken.complete("for nobody");
        test.runUntilIdle();

        assertThat(task.isDone()).isFalse();
        awaited.complete("right");
        test.runUntilIdle();
        assertThat(task.resultNow()).isEqualTo("right");
    }

    @GyreTest
    void whatNobodyAwaitsAnyMoreIsCancelled(TestLoop test) {
        LoopSemaphore permits = new LoopSemaphore(test.loop(), 0);
        List<LoopFuture<?>> asked = new ArrayList<>();
        Task<Boolean> task =
                test.loop()
                        .spawn(
                                "overflowing",
                                () -> {
                                    asked.add(permits.acquire());
                                    overflow(asked.getFirst());
                                    return true;
                                });
        test.runUntilIdle();

        permits.release();

        assertThat(task.resultNow()).isTrue();
        assertThat(asked.getFirst().state()).isEqualTo(Future.State.CANCELLED);
        assertThat(permits.available()).isEqualTo(1);
    }

    @GyreTest
    void othersRunOnlyWhileItWaits(TestLoop test) {
        LoopFuture<String> broken = new LoopFuture<>(test.loop());
        int[] ran = {0};
        test.loop().addCallback(() -> count(test, ran));
        List<Integer> seen = new ArrayList<>();
        test.loop()
                .spawn(
                        "overflowing",
                        () -> {
                            overflow(broken);
                            seen.add(ran[0]);
                            for (int i = 0; i < 100_000; i++) {
                                Thread.onSpinWait();
                            }
                            seen.add(ran[0]);
                            return null;
                        });

        test.runUntil(() -> seen.size() == 2);

        assertThat(seen.get(1)).isEqualTo(seen.get(0));
        ran[0] = -1;
        test.runUntilIdle();
    }

    private static void count(TestLoop test, int[] ran) {
        if (ran[0] >= 0) {
            ran[0]++;
            test.loop().addCallback(() -> count(test, ran));
        }
    }

    @GyreTest
    void aScopeThatCannotWaitCancelsItsChildren(TestLoop test) {
        List<Task<?>> children = new ArrayList<>();
        Task<Boolean> task =
                test.loop()
                        .spawn(
                                "overflowing",
                                () -> {
                                    overflowInScope(test, children);
                                    return true;
                                });

        test.runUntilIdle();

        assertThat(task.resultNow()).isTrue();
        assertThat(children).isNotEmpty().allMatch(Task::isDone);
    }

    private static void overflowInScope(TestLoop test, List<Task<?>> children) {
        // An overflow within the initialiser of a class would spoil it for the whole process.
        TaskScope.call(scope -> scope.spawn("first", () -> 1).await());
        int[] depth = {0};
        atTheBottom(() -> depth[0]++);
        int frames = depth[0];
        boolean overflowed = false;
        while (!overflowed) {
            frames -= frames / 50 + 1;
            int before = children.size();
            try {
                scopeBelow(frames, test, children);
                throw new AssertionError("the child ended by itself");
            } catch (StackOverflowError e) {
                overflowed = children.size() > before;
            }
        }
    }

    private static int scopeBelow(int frames, TestLoop test, List<Task<?>> children) {
        if (frames == 0) {
            return TaskScope.call(scope -> {
                children.add(scope.spawn("child", () -> new LoopFuture<>(test.loop()).await()));
                return 0;
            });
        }
        return 1 + scopeBelow(frames - 1, test, children);
    }
}

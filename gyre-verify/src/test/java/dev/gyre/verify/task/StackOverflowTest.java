package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;

/// A future that is completed with the stack nearly exhausted loses nobody who awaits it.
class StackOverflowTest {

    private static final int TRIES = 400;

    private int ended;
    private int overflows;

    @GyreTest
    void aCompletionInTheDepthOfTheStackResumesItsWaiterOrCanBeRepeated(TestLoop test) {
        completeAtTheBottomWith(test, 1);
    }

    @GyreTest
    void itResumesAllOfSeveralWaiters(TestLoop test) {
        completeAtTheBottomWith(test, 3);
    }

    private void completeAtTheBottomWith(TestLoop test, int waiters) {
        for (int i = 1; i <= TRIES; i++) {
            LoopFuture<Integer> future = new LoopFuture<>(test.loop());
            for (int waiter = 0; waiter < waiters; waiter++) {
                test.loop()
                        .spawn(
                                "waiter",
                                () -> {
                                    future.await();
                                    return ++ended;
                                });
            }
            test.runUntilIdle();
            test.loop().addCallback(() -> completeAtTheBottom(future));
            test.runUntilIdle();

            assertThat(ended).as("waiters resumed after try %d", i).isEqualTo(i * waiters);
        }
        assertThat(overflows).isPositive();
    }

    /// Completes in the deepest frame that can, so most often in one that cannot quite.
    private void completeAtTheBottom(LoopFuture<Integer> future) {
        try {
            deeper(future, 0);
        } catch (StackOverflowError e) {
            overflows++;
        }
        future.complete(1);
    }

    @SuppressWarnings("InfiniteRecursion") // That is the point.
    private int deeper(LoopFuture<Integer> future, int depth) {
        try {
            return deeper(future, depth + 1) + 1;
        } catch (StackOverflowError e) {
            overflows++;
            // Another overflow goes on to the frame above, which tries again.
            future.complete(depth);
            return 0;
        }
    }

    @GyreTest
    void aCoroutineSuspendsUnderManyFrames(TestLoop test) {
        int frames = new Play(test).run(() -> pauseBelow(2000));

        assertThat(frames).isEqualTo(2000);
    }

    private static int pauseBelow(int frames) {
        if (frames == 0) {
            Task.pause();
            return 0;
        }
        return 1 + pauseBelow(frames - 1);
    }
}

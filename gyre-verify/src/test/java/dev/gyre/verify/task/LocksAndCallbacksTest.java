package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;

/// Callbacks that want what a suspended coroutine holds: they wait, and the loop does not. On a
/// bare loop thread each of these is a deadlock.
@Tag("carrier")
class LocksAndCallbacksTest {

    private final ReentrantLock lock = new ReentrantLock();
    private final Object monitor = new Object();

    private void holdBoth(LoopFuture<String> release) {
        lock.lock();
        try {
            synchronized (monitor) {
                release.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void wantLock(Play play, String name) {
        play.did(name.toUpperCase(java.util.Locale.ROOT));
        lock.lock();
        try {
            play.did(name);
        } finally {
            lock.unlock();
        }
    }

    private void wantMonitor(Play play, String name) {
        play.did(name.toUpperCase(java.util.Locale.ROOT));
        synchronized (monitor) {
            play.did(name);
        }
    }

    @GyreTest
    void theCallbacksAfterABlockedOneRunAndTheBlockedOnesFinishLater(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> release = new LoopFuture<>(test.loop());
        Task<Void> holder = play.spawn("holder", () -> holdBoth(release));
        test.runUntilIdle();

        test.loop().addCallback(() -> wantLock(play, "a"));
        test.loop().addCallback(() -> wantMonitor(play, "b"));
        test.loop().addCallback(() -> play.did("C"));
        test.runUntilIdle();
        assertThat(play.log()).containsExactly("A", "B", "C");
        release.complete("now");
        test.runUntil(() -> play.log().size() == 5);

        assertThat(play.log().subList(3, 5)).containsExactlyInAnyOrder("a", "b");
        assertThat(holder.isDone()).isTrue();
    }

    @GyreTest
    void aBlockedCallbackIsFreedByALaterOneOfItsOwnTurn(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> release = new LoopFuture<>(test.loop());
        play.spawn("holder", () -> holdBoth(release));
        test.runUntilIdle();

        test.loop().addCallback(() -> wantLock(play, "a"));
        test.loop().addCallback(() -> release.complete("now"));
        test.runUntil(() -> play.log().size() == 2);

        assertThat(play.log()).containsExactly("A", "a");
    }

    @GyreTest
    void timersAndListenersAndHooksMayBlockToo(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> release = new LoopFuture<>(test.loop());
        play.spawn("holder", () -> holdBoth(release));
        test.runUntilIdle();

        test.loop().callLater(java.time.Duration.ZERO, () -> wantLock(play, "timer"));
        test.loop().beforePoll(() -> wantLock(play, "hook"));
        LoopFuture.completed(test.loop(), 1)
                .onDone(value -> wantLock(play, "listener"), failure -> {});
        test.runUntilIdle();
        assertThat(play.log()).containsExactlyInAnyOrder("TIMER", "HOOK", "LISTENER");
        release.complete("now");
        test.runUntil(() -> play.log().size() == 6);

        assertThat(play.log()).endsWith("listener", "timer", "hook");
    }

    @GyreTest
    void manyBlockedCallbacksGetTheLockInTheirOrder(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> release = new LoopFuture<>(test.loop());
        play.spawn("holder", () -> holdBoth(release));
        test.runUntilIdle();
        for (int i = 0; i < 100; i++) {
            int number = i;
            test.loop()
                    .addCallback(() -> {
                        lock.lock();
                        try {
                            play.did(number);
                        } finally {
                            lock.unlock();
                        }
                    });
        }
        test.runUntilIdle();
        assertThat(play.log()).isEmpty();

        release.complete("now");
        test.runUntil(() -> play.log().size() == 100);

        List<Integer> order = play.log().stream().map(Integer.class::cast).toList();
        assertThat(order).isSorted();
    }

    @GyreTest
    void afterABlockedCallbackTheContextOfTheOthersIsTheirOwn(TestLoop test) {
        Play play = new Play(test);
        LoopFuture<String> release = new LoopFuture<>(test.loop());
        play.spawn("holder", () -> holdBoth(release));
        test.runUntilIdle();
        test.loop()
                .addCallback(() -> {
                    wantLock(play, "a");
                    play.did(Task.class.getSimpleName());
                    // Schedules from a runner that has been away.
                    test.loop().addCallback(() -> play.did("scheduled"));
                });
        test.runUntilIdle();

        release.complete("now");
        test.runUntil(() -> play.log().size() == 4);

        assertThat(play.log()).containsExactly("A", "a", "Task", "scheduled");
    }
}

package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;

/// Closing a loop ends its coroutines, and names those that it could not end.
class CloseTest {

    private static final String GENERAL = "dev.gyre.general";

    @GyreTest
    void everyTaskIsCancelledAndCleansUp(TestLoop test) {
        Play play = new Play(test);
        for (String name : new String[] {"a", "b", "c"}) {
            play.spawnLogged(name, () -> Task.sleep(Play.HOUR));
        }
        test.runUntilIdle();

        test.close();

        assertThat(play.log())
                .containsExactly(
                        "a CancellationException",
                        "b CancellationException",
                        "c CancellationException");
        assertThat(test.loop().tasks()).isEmpty();
    }

    @GyreTest
    void aTaskThatHasNotBegunNeverDoes(TestLoop test) {
        Play play = new Play(test);
        Task<Void> task = play.spawn("late", () -> play.did("began"));

        test.close();

        assertThat(play.log()).isEmpty();
        assertThat(task.isDone()).isTrue();
    }

    @GyreTest
    void whoAwaitsATaskOnAnotherThreadHearsOfItsEnd(TestLoop test) {
        CompletableFuture<Void> exported =
                new Play(test).spawn("task", () -> Task.sleep(Play.HOUR)).toCompletableFuture();
        test.runUntilIdle();

        test.close();

        assertThat(exported).isCompletedExceptionally();
    }

    @GyreTest
    void anExportedFutureThatIsDoneLaterStillTellsOfIt(TestLoop test) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        CompletableFuture<String> before = future.toCompletableFuture();
        test.close();

        future.complete("late");

        assertThat(before).isCompletedWithValue("late");
        assertThat(future.toCompletableFuture()).isCompletedWithValue("late");
    }

    @GyreTest
    void cleanUpMaySuspend(TestLoop test) {
        Play play = new Play(test);
        play.spawn(
                "tidy",
                () -> {
                    try {
                        Task.sleep(Play.HOUR);
                    } finally {
                        Task.shielded(Play.HOUR, Play.body(Task::pause));
                        play.did("cleaned up");
                    }
                });
        test.runUntilIdle();

        test.close();

        assertThat(play.log()).containsExactly("cleaned up");
    }

    @GyreTest
    void whileItClosesNothingIsSpawned(TestLoop test) {
        Play play = new Play(test);
        play.spawn(
                "task",
                () -> {
                    try {
                        Task.sleep(Play.HOUR);
                    } finally {
                        assertThatIllegalStateException()
                                .isThrownBy(() -> play.spawn("late", () -> {}))
                                .withMessageContaining("closing");
                        play.did("refused");
                    }
                });
        test.runUntilIdle();

        test.close();

        assertThat(play.log()).containsExactly("refused");
    }

    @GyreTest
    void aClosedLoopSpawnsNothing(TestLoop test) {
        test.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> test.loop().spawn("x", () -> 1))
                .withMessageContaining("closed");
    }

    @GyreTest
    void whatDoesNotEndIsNamed(ExpectLog log) {
        log.expect(GENERAL, Level.WARNING, "did not end");
        IOLoop loop = new IOLoop();
        loop.spawn(
                "immortal",
                () ->
                        Task.shielded(
                                Play.HOUR,
                                () -> {
                                    Task.sleep(Play.HOUR);
                                    return 1;
                                }));
        loop.runSync(() -> 1);

        loop.close();

        assertThat(log.records())
                .singleElement()
                .satisfies(record ->
                        assertThat(record.message()).contains("immortal", "CloseTest", "awaits"));
    }

    @GyreTest
    void aTaskThatNeverStopsSuspendingIsNamedToo(ExpectLog log) {
        log.expect(GENERAL, Level.WARNING, "did not end");
        IOLoop loop = new IOLoop();
        loop.spawn(
                "restless",
                () ->
                        Task.shielded(
                                Play.HOUR,
                                () -> {
                                    while (!loop.tasks().isEmpty()) {
                                        Task.pause();
                                    }
                                    return 1;
                                }));
        loop.runSync(() -> 1);

        loop.close();

        assertThat(log.records())
                .singleElement()
                .satisfies(record -> assertThat(record.message()).contains("restless"));
    }

    @GyreTest
    @Tag("carrier")
    void aTaskInAJdkCallIsInterruptedInTheEnd(TestLoop test) {
        Play play = new Play(test);
        play.spawnLogged("sleeper", () -> BlockingCalls.sleep(Play.HOUR)).observe();
        play.spawnLogged("taker", () -> new CompletableFuture<>().get()).observe();
        test.runUntilIdle();

        test.close();

        assertThat(play.log())
                .containsExactlyInAnyOrder(
                        "sleeper InterruptedException", "taker InterruptedException");
    }

    /// Blocked for more than half of the time that a closing loop gives its tasks.
    @GyreTest
    @Tag("carrier")
    void aTaskInAJdkCallThatReturnsInTimeIsNotInterrupted() {
        IOLoop loop = new IOLoop();
        Task<String> task =
                loop.spawn(
                        "sleeper",
                        () -> {
                            BlockingCalls.sleep(Duration.ofMillis(600));
                            return "slept";
                        });
        loop.runSync(() -> 1);

        loop.close();

        assertThat(task.resultNow()).isEqualTo("slept");
    }

    @GyreTest
    @Tag("carrier")
    void aCallbackInAJdkCallIsInterruptedInTheEnd(TestLoop test) {
        Play play = new Play(test);
        test.loop()
                .addCallback(() -> {
                    try {
                        BlockingCalls.sleep(Play.HOUR);
                    } catch (InterruptedException e) {
                        play.did("interrupted");
                    }
                });
        test.runUntilIdle();

        test.close();

        assertThat(play.log()).containsExactly("interrupted");
    }

    @GyreTest
    @Tag("carrier")
    @SuppressWarnings("LockNotBeforeTry") // The lock outlives the loop.
    void aTaskThatCannotBeInterruptedIsNamedAndRunsToItsEndLater(ExpectLog log) throws Exception {
        IOLoop loop = new IOLoop();
        log.expect(GENERAL, Level.WARNING, "stuck");
        ReentrantLock lock = new ReentrantLock();
        CompletableFuture<String> end = new CompletableFuture<>();
        lock.lock();
        loop.spawn("stuck", () -> whenLocked(lock, end));
        loop.runSync(() -> 1);
        loop.close();

        // The coroutine is continued by this thread, on a loop that is closed.
        lock.unlock();

        assertThat(end.get()).contains("Task.pause was called", loop + " is closed");
    }

    private static boolean whenLocked(ReentrantLock lock, CompletableFuture<String> end) {
        lock.lock();
        try {
            Task.pause();
            return end.complete("await went through");
        } catch (RuntimeException e) {
            return end.complete(String.valueOf(e.getMessage()));
        } finally {
            lock.unlock();
        }
    }

    @GyreTest
    @Tag("carrier")
    void aMonitorHandedToACoroutineOfAClosedLoopHarmsNobody(ExpectLog log) throws Exception {
        IOLoop loop = new IOLoop();
        log.expect(GENERAL, Level.WARNING, "stuck");
        Object monitor = new Object();
        CountDownLatch entered = new CountDownLatch(2);
        Keeper keeper = Keeper.of(monitor);
        loop.spawn("stuck", () -> enter(monitor, entered));
        loop.runSync(() -> 1);
        loop.close();
        Thread bystander = Thread.ofVirtual().start(() -> enter(monitor, entered));

        keeper.letGo();

        // Both coroutines need the one thread of the JVM that hands monitors to virtual threads.
        entered.await();
        bystander.join();
    }

    /// A thread that holds a monitor until it is to let go.
    private record Keeper(Thread thread, CountDownLatch release) {

        static Keeper of(Object monitor) throws InterruptedException {
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Thread thread = Thread.ofPlatform().start(() -> hold(monitor, held, release));
            held.await();
            return new Keeper(thread, release);
        }

        private static void hold(Object monitor, CountDownLatch held, CountDownLatch release) {
            synchronized (monitor) {
                held.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }

        void letGo() throws InterruptedException {
            release.countDown();
            thread.join();
        }
    }

    private static boolean enterBoth(Object outer, Object inner) {
        synchronized (outer) {
            return enter(inner, new CountDownLatch(1));
        }
    }

    private static boolean enter(Object monitor, CountDownLatch entered) {
        synchronized (monitor) {
            entered.countDown();
            return true;
        }
    }

    @GyreTest
    @Tag("carrier")
    void unparkingACoroutineOfAClosedLoopThrowsNothing(ExpectLog log) throws Exception {
        IOLoop loop = new IOLoop();
        log.expect(GENERAL, Level.WARNING, "shielded sleeper");
        Thread[] thread = {null};
        loop.spawn(
                "shielded sleeper",
                () -> {
                    thread[0] = Thread.currentThread();
                    return Task.shielded(Play.HOUR, Play.body(() -> Task.sleep(Play.HOUR)));
                });
        loop.runSync(() -> 1);
        loop.close();

        LockSupport.unpark(thread[0]);
        thread[0].join();

        assertThat(thread[0].isAlive()).isFalse();
    }

    @GyreTest
    @Tag("carrier")
    void whoWaitsForAChildThatCannotBeEndedIsResumedAndHeardOf(ExpectLog log) throws Exception {
        log.expect(GENERAL, Level.WARNING, "stuck");
        Object monitor = new Object();
        CountDownLatch entered = new CountDownLatch(1);
        Keeper keeper = Keeper.of(monitor);
        List<String> did = new ArrayList<>();
        IOLoop loop = new IOLoop();
        CompletableFuture<Object> owner =
                loop.submit(
                        "owner",
                        () -> {
                            try {
                                return TaskScope.call(scope ->
                                        scope.spawn("stuck", () -> enter(monitor, entered)));
                            } finally {
                                did.add("cleaned up");
                            }
                        });
        loop.runSync(() -> 1);
        loop.runSync(() -> 1);

        loop.close();

        assertThat(did).containsExactly("cleaned up");
        assertThat(owner).isCompletedExceptionally();
        keeper.letGo();
        entered.await();
    }

    @GyreTest
    void whoShieldsAWaitForEverIsNamedAndResumed(ExpectLog log) {
        log.expect(GENERAL, Level.WARNING, "shielded sleeper");
        List<String> did = new ArrayList<>();
        IOLoop loop = new IOLoop();
        CompletableFuture<Object> sleeper =
                loop.submit(
                        "shielded sleeper",
                        () -> {
                            try {
                                return Task.shielded(
                                        Play.HOUR, Play.body(() -> Task.sleep(Play.HOUR)));
                            } finally {
                                did.add("cleaned up");
                            }
                        });
        loop.runSync(() -> 1);
        loop.runSync(() -> 1);

        loop.close();

        assertThat(did).containsExactly("cleaned up");
        assertThat(sleeper).isCompletedExceptionally();
    }

    /// Else closing would never end.
    @GyreTest
    void whoNeverStopsWaitingIsLeftAtLast(ExpectLog log) {
        log.expect(GENERAL, Level.WARNING, "stubborn");
        int[] tries = {0};
        IOLoop loop = new IOLoop();
        loop.spawn(
                "stubborn",
                () -> {
                    while (true) {
                        try {
                            Task.shielded(Play.HOUR, Play.body(() -> Task.sleep(Play.HOUR)));
                        } catch (CancellationException e) {
                            tries[0]++;
                        }
                    }
                });
        loop.runSync(() -> 1);

        loop.close();

        assertThat(tries[0]).isPositive();
        assertThat(loop.isClosed()).isTrue();
    }

    @GyreTest
    @Tag("carrier")
    void aCallbackThatCannotBeInterruptedIsNamedToo(ExpectLog log) throws Exception {
        log.expect(GENERAL, Level.WARNING, "did not end");
        Object monitor = new Object();
        CountDownLatch entered = new CountDownLatch(1);
        Keeper keeper = Keeper.of(monitor);
        IOLoop loop = new IOLoop();
        loop.addCallback(() -> enter(monitor, entered));
        loop.runSync(() -> 1);

        loop.close();

        keeper.letGo();
        entered.await();
        assertThat(log.records())
                .singleElement()
                .satisfies(record ->
                        assertThat(record.message())
                                .contains("1 callback", "CloseTest.enter(")
                                .doesNotContain("0 tasks", "UserCode"));
    }

    @GyreTest
    @Tag("carrier")
    void whatIsLeftMayHoldALockThatNamingItTakes(ExpectLog log) throws Exception {
        log.expect(GENERAL, Level.WARNING, "did not end");
        Object gate = new Object();
        Object monitor = new Object();
        Keeper keeper = Keeper.of(gate);
        AtomicReference<Thread> naming = new AtomicReference<>();
        Runnable slowlyNamed =
                new Runnable() {
                    @Override
                    public void run() {}

                    @Override
                    public String toString() {
                        naming.set(Thread.currentThread());
                        synchronized (monitor) {
                            return "slowly named";
                        }
                    }
                };
        IOLoop loop = new IOLoop();
        loop.spawn("holder", () -> enterBoth(monitor, gate));
        LoopFuture<Object> future = new LoopFuture<>(loop, slowlyNamed);
        loop.spawn("immortal", () -> Task.shielded(Play.HOUR, () -> future.await()));
        loop.runSync(() -> 1);

        loop.close();

        keeper.letGo();
        naming.get().join();
        assertThat(log.records())
                .singleElement()
                .satisfies(record ->
                        assertThat(record.message()).contains("immortal", "slowly named"));
    }

    @GyreTest
    @Tag("carrier")
    void aStopThatCameTooLateDoesNotShortenTheGrace() {
        List<String> ends = new ArrayList<>();
        try (IOLoop loop = new IOLoop()) {
            loop.spawn(
                    "in a JDK call",
                    () -> {
                        BlockingCalls.sleep(Duration.ofMillis(20));
                        return ends.add("not interrupted");
                    });
            loop.runSync(() -> 1);
            loop.stop();
        }

        assertThat(ends).containsExactly("not interrupted");
    }
}

package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Task;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/// A failure that nobody looked at is reported, once.
class UnobservedFailureTest {

    private static final String APPLICATION = "dev.gyre.application";

    private static <T> Callable<T> failing(String message) {
        return () -> {
            throw new IOException(message);
        };
    }

    @GyreTest
    void itIsReportedWhenTheLoopClosesWithTheNameOfTheTask(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "task forgotten");
        test.loop().spawn("forgotten", failing("nobody looked"));
        test.runUntilIdle();
        assertThat(log.records()).isEmpty();

        test.close();

        assertThat(log.records())
                .singleElement()
                .satisfies(record ->
                        assertThat(record.thrown())
                                .isInstanceOf(IOException.class)
                                .hasMessage("nobody looked"));
    }

    @GyreTest
    void itIsReportedOnceNobodyHasLookedForASecond(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "task forgotten");
        test.loop().spawn("forgotten", failing("nobody looked"));
        test.runUntilIdle();

        test.advance(LoopFuture.UNOBSERVED_MAX.minusNanos(1));
        assertThat(log.records()).isEmpty();

        test.advance(Duration.ofNanos(1));
        assertThat(log.records()).hasSize(1);
    }

    @GyreTest
    void itIsReportedOnce(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "task forgotten");
        test.loop().spawn("forgotten", failing("nobody looked"));

        test.advance(Play.HOUR);
        test.close();

        assertThat(log.records()).hasSize(1);
    }

    @GyreTest
    void whoAwaitsWithinThatSecondTakesTheReportAway(TestLoop test, ExpectLog log) {
        Task<Object> late = test.loop().spawn("awaited late", failing("x"));
        test.advance(LoopFuture.UNOBSERVED_MAX.minusNanos(1));

        new Play(test).run(() -> catchThrowable(() -> late.await()));
        test.advance(Play.HOUR);

        assertThat(log.records()).isEmpty();
    }

    @GyreTest
    void whoAwaitsLaterThanThatGetsTheFailureAllTheSame(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "task awaited too late");
        Task<Object> late = test.loop().spawn("awaited too late", failing("x"));
        test.advance(LoopFuture.UNOBSERVED_MAX);

        Throwable got = new Play(test).run(() -> catchThrowable(() -> late.await()));

        assertThat(got).isInstanceOf(UncheckedIOException.class).hasRootCauseMessage("x");
        assertThat(log.records()).hasSize(1);
    }

    /// The order of the reports is that of the failures, also where some in between were looked at.
    @GyreTest
    void whoseReportWasTakenAwayLeavesTheOthers(TestLoop test, ExpectLog log) {
        List<Task<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tasks.add(test.loop().spawn("number " + i, failing("x")));
        }
        log.expect(APPLICATION, Level.ERROR, "task number 1");
        log.expect(APPLICATION, Level.ERROR, "task number 3");
        test.runUntilIdle();
        for (int looked : new int[] {2, 0, 4}) {
            assertThat(tasks.get(looked).exceptionNow()).hasMessage("x");
        }

        test.advance(LoopFuture.UNOBSERVED_MAX);

        assertThat(log.records()).hasSize(2);
        assertThat(log.records().getFirst().message()).contains("task number 1");
    }

    @GyreTest
    void itIsReportedBeforeTheLoopHasStopped(IOLoop ignored, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "task forgotten");
        try (IOLoop loop = new IOLoop()) {
            loop.spawn("forgotten", failing("nobody looked"));
            loop.addCallback(() -> loop.addCallback(loop::stop));

            loop.start();

            assertThat(log.records()).hasSize(1);
        }
        assertThat(log.records()).hasSize(1);
    }

    @GyreTest
    void soItIsAtTheEndOfRunSync(IOLoop ignored, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "task forgotten");
        try (IOLoop loop = new IOLoop()) {
            loop.runSync(() -> {
                loop.spawn("forgotten", failing("nobody looked"));
                Task.pause();
            });

            assertThat(log.records()).hasSize(1);
        }
    }

    /// A loop with nothing to do wakes up for the report.
    @GyreTest
    void aLoopThatIsIdleReportsIt(IOLoop ignored) {
        LoopOptions options =
                LoopOptions.defaults().withUncaughtHandler((loop, running, failure) -> loop.stop());
        try (IOLoop loop = new IOLoop(options)) {
            loop.spawn("forgotten", failing("nobody looked"));

            // Returns only if the handler is called.
            loop.start();
        }
    }

    @GyreTest
    void whoeverLooksTakesTheReportAway(TestLoop test, ExpectLog log) {
        Task<Object> asked = test.loop().spawn("asked", failing("a"));
        Task<Object> listenedTo = test.loop().spawn("listened to", failing("b"));
        Task<Object> awaited = test.loop().spawn("awaited", failing("c"));
        Task<Object> exported = test.loop().spawn("exported", failing("d"));
        test.runUntilIdle();

        assertThat(asked.exceptionNow()).hasMessage("a");
        listenedTo.onDone(value -> {}, failure -> {});
        assertThat(exported.toCompletableFuture()).isNotDone();
        new Play(test).run(() -> catchThrowable(awaited::await));
        test.close();

        assertThat(log.records()).isEmpty();
    }

    @GyreTest
    void whoWaitedBeforeTheFailureCountsToo(TestLoop test, ExpectLog log) {
        LoopFuture<String> future = new LoopFuture<>(test.loop());
        test.loop().spawn("waiter", () -> catchThrowable(future::await));
        test.runUntilIdle();

        future.fail(new IOException("x"));
        test.runUntilIdle();
        test.close();

        assertThat(log.records()).isEmpty();
    }

    @GyreTest
    void aFutureThatIsNoTaskIsReportedToo(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "whose failure nobody looked at");
        LoopFuture.failed(test.loop(), new IOException("x"));

        test.close();

        assertThat(log.records()).hasSize(1);
    }

    @GyreTest
    void theReportSaysWhereItWasMade(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "task forgotten, spawned at dev.gyre.verify.task");
        log.expect(APPLICATION, Level.ERROR, "LoopFuture[FAILED], made at dev.gyre.verify.task");
        test.loop().spawn("forgotten", failing("nobody looked"));
        LoopFuture.failed(test.loop(), new IOException("x"));
        test.runUntilIdle();

        test.close();

        assertThat(log.records())
                .hasSize(2)
                .allSatisfy(record ->
                        assertThat(record.message()).contains("UnobservedFailureTest.java"));
    }

    @GyreTest
    void whatSaysItsNameTakesNoStackToSayWhereItWasMade(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "whose failure nobody looked at");
        new LoopFuture<>(test.loop(), new Tide()).fail(new IOException("x"));

        test.close();

        assertThat(log.records())
                .singleElement()
                .satisfies(record ->
                        assertThat(record.message())
                                .contains("LoopFuture[FAILED, the turn of the tide], whose"));
    }

    @GyreTest
    void whoLooksInTheTurnInWhichItIsDueGetsItInsteadOfTheLog(ExpectLog log) {
        AtomicLong nanos = new AtomicLong();
        LoopOptions options = LoopOptions.defaults().withTimeSource(nanos::get);
        try (IOLoop loop = new IOLoop(options)) {
            Throwable got =
                    loop.runSync(() -> {
                        LoopFuture<?> failed = LoopFuture.failed(loop, new IOException());
                        // A turn that takes twice as long as a failure may be unseen.
                        nanos.addAndGet(2 * LoopFuture.UNOBSERVED_MAX.toNanos());
                        Task.pause();
                        return catchThrowable(() -> failed.await());
                    });

            assertThat(got).isInstanceOf(UncheckedIOException.class);
            assertThat(log.records()).isEmpty();
        }
    }

    @GyreTest
    void aCancelledTaskIsNoFailure(TestLoop test, ExpectLog log) {
        Task<Void> task = new Play(test).spawn("sleeper", () -> Task.sleep(Play.HOUR));
        test.runUntilIdle();
        task.cancel();
        test.runUntilIdle();

        test.close();

        assertThat(log.records()).isEmpty();
    }

    @GyreTest
    void eachOfSeveralIsReported(TestLoop test, ExpectLog log) {
        for (int i = 0; i < 3; i++) {
            log.expect(APPLICATION, Level.ERROR, "task number " + i);
            test.loop().spawn("number " + i, failing("x"));
        }
        test.runUntilIdle();

        test.close();

        assertThat(log.records()).hasSize(3);
    }

    /// An operation that says what it is.
    private record Tide() implements Runnable {

        @Override
        public void run() {}

        @Override
        public String toString() {
            return "the turn of the tide";
        }
    }
}

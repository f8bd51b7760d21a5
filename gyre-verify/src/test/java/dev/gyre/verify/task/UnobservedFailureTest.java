package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;

/// A failure that nobody looked at is reported, once.
class UnobservedFailureTest {

    private static final String APPLICATION = "dev.gyre.application";

    /// Far more than a collector needs to notice that something is gone.
    private static final int COLLECTIONS_MAX = 100;

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
    void itIsReportedOnceItCannotBeLookedAtAnyMore(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "task forgotten");
        test.loop().spawn("forgotten", failing("nobody looked"));
        test.runUntilIdle();

        for (int i = 0; i < COLLECTIONS_MAX && log.records().isEmpty(); i++) {
            System.gc();
            test.runUntilIdle();
        }

        assertThat(log.records()).hasSize(1);
        test.close();
        assertThat(log.records()).hasSize(1);
    }

    @GyreTest
    void aFailureThatCanStillBeLookedAtIsNotReported(TestLoop test, ExpectLog log) {
        Task<Object> held = test.loop().spawn("held", failing("x"));
        test.runUntilIdle();

        System.gc();
        test.runUntilIdle();

        assertThat(log.records()).isEmpty();
        assertThat(held.exceptionNow()).hasMessage("x");
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
}

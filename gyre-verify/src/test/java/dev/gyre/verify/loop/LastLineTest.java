package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.Callback;
import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.PeriodicCallback;
import dev.gyre.loop.Task;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.TestLoop;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What must not take the loop along: logs that fail, names that fail, cancellations that fail.
class LastLineTest {

    private static final String APPLICATION = "dev.gyre.application";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<Object> seen = new ArrayList<>();

    @Test
    @Timeout(GyreTest.SECONDS_MAX)
    void aLogThatFailsDoesNotEndTheLoop() {
        Logger logger = Logger.getLogger("dev.gyre");
        Handler broken = new BrokenHandler();
        logger.addHandler(broken);
        logger.setUseParentHandlers(false);
        try (IOLoop loop = new IOLoop()) {
            loop.addCallback(() -> {
                throw new IllegalArgumentException("planned");
            });
            loop.addCallback(() -> seen.add("next"));
            loop.addCallback(loop::stop);

            loop.start();
        } finally {
            logger.removeHandler(broken);
            logger.setUseParentHandlers(true);
        }

        assertThat(seen).containsExactly("next");
    }

    @GyreTest
    void aCallbackWhoseNameFailsIsReportedWithItsFailure(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "whose toString failed");
        test.loop().addCallback(new Nameless());

        test.runUntilIdle();

        assertThat(log.records().getFirst().thrown()).hasMessage("planned");
    }

    @GyreTest
    void aCancellationThatFailsIsReportedAndTheWaitEnds(TestLoop test, ExpectLog log) {
        log.expect(APPLICATION, Level.ERROR, "the cancellation of a future");
        Runnable failing =
                () -> {
                    throw new IllegalStateException("planned");
                };
        LoopFuture<String> future = new LoopFuture<>(test.loop(), failing);
        Task<String> task = test.loop().spawn(() -> future.await(SECOND));
        task.onDone(seen::add, seen::add);

        test.advance(SECOND);

        assertThat(seen).singleElement().isInstanceOf(DeadlineExceededException.class);
    }

    /// Those who hang on a stage run inside its cancel: not on the bare loop thread.
    @GyreTest
    void whoHangsOnAnAdoptedStageRunsInALaterStep(TestLoop test) {
        CompletableFuture<String> stage = new CompletableFuture<>();
        CompletableFuture<String> watched =
                stage.whenComplete(
                        (value, failure) -> seen.add(Thread.currentThread().isVirtual()));
        LoopFuture<String> adopted = test.loop().adopt(stage);
        test.loop()
                .callLater(
                        SECOND,
                        () -> {
                            adopted.cancel();
                            seen.add("cancelled");
                        });

        test.advance(SECOND);

        assertThat(seen).containsExactly("cancelled", true);
        assertThat(watched).isCompletedExceptionally();
    }

    @GyreTest
    void runSyncAfterAStoppedOneIsNotStopped() {
        try (IOLoop loop = new IOLoop()) {
            Callback stop = loop::stop;
            assertThatThrownBy(() -> loop.runSync(() -> stopAndSleep(stop)))
                    .hasMessageContaining("was stopped before the task had ended");

            assertThat(loop.<Integer>runSync(() -> sleepAndAnswer())).isEqualTo(7);
        }
    }

    private static String stopAndSleep(Callback stop) throws Exception {
        stop.run();
        Task.sleep(Duration.ofDays(1));
        return "never";
    }

    private static int sleepAndAnswer() {
        Task.sleep(Duration.ofMillis(1));
        return 7;
    }

    @GyreTest
    void theMostDistantDelaysKeepTheirOrder(TestLoop test) {
        test.loop().callLater(Duration.ofSeconds(Long.MIN_VALUE), () -> seen.add("first"));
        test.time().advance(SECOND);
        test.loop().callLater(Duration.ofSeconds(Long.MAX_VALUE), () -> seen.add("never")).cancel();
        var last = test.loop().callLater(Duration.ofSeconds(Long.MAX_VALUE), () -> seen.add("x"));

        test.runUntilIdle();

        assertThat(seen).containsExactly("first");
        last.cancel();
    }

    @Test
    @ExtendWith(LoopExtension.class)
    void aPeriodicCallbackOutlivesItsLoop(TestLoop second) {
        PeriodicCallback periodic = new PeriodicCallback(() -> seen.add("tick"), SECOND);
        try (TestLoop first = new TestLoop()) {
            first.loop().addCallback(periodic::start);
            first.runUntilIdle();
        }
        assertThat(periodic.isRunning()).isFalse();

        second.loop().addCallback(periodic::start);
        second.advance(SECOND);

        assertThat(seen).containsExactly("tick");
        second.loop().addCallback(periodic::stop);
        second.runUntilIdle();
    }

    @GyreTest
    void aTaskThatEndsByItselfIsNotInterruptedByClose() {
        IOLoop loop = new IOLoop(LoopOptions.defaults());
        loop.spawn(
                "cleans up",
                () -> {
                    try {
                        Task.sleep(Duration.ofDays(1));
                    } catch (CancellationException e) {
                        Task.shielded(
                                SECOND,
                                () -> {
                                    Task.sleep(Duration.ofMillis(20));
                                    seen.add(Thread.currentThread().isInterrupted());
                                    return null;
                                });
                        throw e;
                    }
                    return null;
                });
        loop.runSync(() -> {
            Task.pause();
            return null;
        });

        loop.close();

        assertThat(seen).containsExactly(false);
    }

    private static final class Nameless implements Callback {

        @Override
        public void run() {
            throw new IllegalArgumentException("planned");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no name");
        }
    }

    private static final class BrokenHandler extends Handler {

        @Override
        public void publish(LogRecord record) {
            throw new IllegalStateException("disk full");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}

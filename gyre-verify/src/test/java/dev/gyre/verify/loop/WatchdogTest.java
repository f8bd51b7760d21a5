package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.ManualTime;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// The watchdog is a thread, so these tests let it look, and never wait for time to pass: a turn
/// lasts as long as they say on a clock that counts who reads it.
class WatchdogTest {

    private static final Duration LIMIT = Duration.ofMillis(8);
    private static final String GENERAL = "dev.gyre.general";

    private final WatchedTime time = new WatchedTime();
    private final IOLoop loop = new IOLoop(LoopOptions.defaults().withTimeSource(time::nanos));

    /// Runs one callback, on a loop that is closed afterwards.
    private void run(Turn turn) {
        try (loop) {
            loop.watch(LIMIT);
            loop.addCallback(() -> {
                try {
                    turn.run();
                } finally {
                    loop.stop();
                }
            });
            loop.start();
        }
    }

    /// Blocks the loop under either mechanism of coroutines: a wait would only suspend the
    /// callback.
    private static void blockUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static void awaitRecord(ExpectLog log, String fragment) {
        blockUntil(() ->
                log.records().stream().anyMatch(record -> record.message().contains(fragment)));
    }

    interface Turn {
        void run() throws Exception;
    }

    @GyreTest
    void aTurnThatOutlastsTheLimitIsLoggedWithTheCulpritsStack(ExpectLog log) {
        log.expect(GENERAL, Level.WARNING, "WatchdogTest.theCulprit");

        run(() -> theCulprit(log));

        assertThat(log.records())
                .singleElement()
                .satisfies(record ->
                        assertThat(record.message())
                                .contains(loop.name(), "for 9 ms", "limit 8 ms"));
    }

    private void theCulprit(ExpectLog log) {
        time.advance(LIMIT.plusMillis(1));
        awaitRecord(log, "has been running");
    }

    @GyreTest
    void aBlockedTurnIsCountedOnceHoweverOftenTheWatchdogLooks(ExpectLog log) {
        log.expect(GENERAL, Level.WARNING, "has been running");

        run(() -> {
            time.advance(LIMIT);
            time.awaitLooks(10);
        });

        assertThat(loop.metrics().blockedTurns()).isEqualTo(1);
    }

    @GyreTest
    void aTurnJustBelowTheLimitIsFine() {
        run(() -> {
            time.advance(LIMIT.minusNanos(1));
            time.awaitLooks(4);
        });

        assertThat(loop.metrics().blockedTurns()).isZero();
    }

    @GyreTest
    void aTurnWhoseLengthHasDoubledIsLoggedAgain(ExpectLog log) {
        log.expect(GENERAL, Level.WARNING, "for 8 ms");
        log.expect(GENERAL, Level.WARNING, "for 1008 ms");

        run(() -> {
            time.advance(LIMIT);
            awaitRecord(log, "for 8 ms");
            time.advance(Duration.ofSeconds(1));
            awaitRecord(log, "for 1008 ms");
        });

        assertThat(loop.metrics().blockedTurns()).isEqualTo(1);
    }

    @GyreTest
    void noMoreThanOneRecordASecondIsLogged(ExpectLog log) {
        log.expect(GENERAL, Level.WARNING, "for 8 ms");

        run(() -> {
            time.advance(LIMIT);
            awaitRecord(log, "for 8 ms");
            time.advance(Duration.ofMillis(999));
            time.awaitLooks(4);
        });

        assertThat(log.records()).hasSize(1);
    }

    @GyreTest
    void eachBlockedTurnCounts(ExpectLog log) {
        log.expect(GENERAL, Level.WARNING, "has been running");
        Turn blocked =
                () -> {
                    time.advance(LIMIT);
                    time.awaitLooks(4);
                };
        try (loop) {
            loop.watch(LIMIT);
            loop.addCallback(blocked::run);
            loop.addCallback(() -> loop.addCallback(blocked::run));
            loop.addCallback(() -> loop.addCallback(loop::stop));
            loop.start();
        }

        assertThat(loop.metrics().blockedTurns()).isEqualTo(2);
    }

    @GyreTest
    void aLimitOfZeroEndsTheWatch() throws InterruptedException {
        try (loop) {
            loop.watch(LIMIT);
            Thread watchdog = watchdogOf(loop);

            loop.watch(Duration.ZERO);

            watchdog.join();
            assertThat(watchdog.isAlive()).isFalse();
        }
    }

    @GyreTest
    void closingTheLoopEndsTheWatch() throws InterruptedException {
        loop.watch(LIMIT);
        Thread watchdog = watchdogOf(loop);

        loop.close();

        watchdog.join();
        assertThat(watchdog.isAlive()).isFalse();
    }

    private static Thread watchdogOf(IOLoop loop) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("gyre-watchdog-" + loop.name()))
                .findFirst()
                .orElseThrow();
    }

    /// If waiting counted as work, the look within the callback would find a long turn.
    @GyreTest
    void aLoopThatWaitsInItsPollerIsNotBlocked() {
        ScriptedPoller poller = new ScriptedPoller();
        LoopOptions options = LoopOptions.defaults().withTimeSource(time::nanos);
        try (IOLoop waiting = new IOLoop(options.withPoller(() -> poller))) {
            poller.onPoll(timeoutNanos -> {
                if (timeoutNanos > 0) {
                    time.advance(LIMIT.multipliedBy(10));
                    waiting.addCallback(() -> time.awaitLooks(4));
                    waiting.addCallback(waiting::stop);
                }
            });
            waiting.watch(LIMIT);

            waiting.start();

            assertThat(waiting.metrics().blockedTurns()).isZero();
        }
        loop.close();
    }

    @GyreTest
    void aNegativeLimitIsRefused() {
        try (loop) {
            assertThatIllegalArgumentException().isThrownBy(() -> loop.watch(Duration.ofNanos(-1)));
        }
    }

    /// Manual time that knows how often the watchdog has read it.
    private static final class WatchedTime {

        private final ManualTime manual = new ManualTime();
        private final AtomicInteger looks = new AtomicInteger();

        long nanos() {
            if (Thread.currentThread().getName().startsWith("gyre-watchdog")) {
                looked();
            }
            return manual.nanos();
        }

        private void looked() {
            looks.incrementAndGet();
        }

        void advance(Duration by) {
            manual.advance(by);
        }

        /// Keeps the loop busy until the watchdog has read the time so many times from now on.
        void awaitLooks(int count) {
            int enough = looks.get() + count;
            blockUntil(() -> looks.get() >= enough);
        }
    }
}

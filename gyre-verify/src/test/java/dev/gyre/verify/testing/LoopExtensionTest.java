package dev.gyre.verify.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.ManualTime;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.testkit.engine.EngineTestKit;

/// The tests of [Samples] are run by an engine of their own, and its verdict is looked at.
@Timeout(GyreTest.SECONDS_MAX)
class LoopExtensionTest {

    /// Runs one test of [Samples].
    private static TestExecutionResult run(String method, Class<?>... parameters) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Samples.class, method, parameters))
                .execute()
                .testEvents()
                .finished()
                .stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no such sample: " + method));
    }

    private static Throwable failureOf(String method, Class<?>... parameters) {
        TestExecutionResult result = run(method, parameters);
        assertThat(result.getStatus()).isEqualTo(Status.FAILED);
        return result.getThrowable().orElseThrow();
    }

    @Test
    void whatALeftTaskAwaitsIsTold() {
        assertThat(failureOf("leavesATask"))
                .hasMessageContaining("forgotten, age ")
                .hasMessageContaining("awaits LoopFuture[RUNNING]");
    }

    @Test
    void whereAHangingLoopIsIsTold() {
        Throwable failure;
        try {
            failure = failureOf("spins");
        } finally {
            Samples.released = true;
        }

        assertThat(failure).isInstanceOf(TimeoutException.class);
        assertThat(failure.getSuppressed())
                .anySatisfy(
                        untidy -> assertThat(untidy).hasMessageContaining("Samples.lambda$spins"));
    }

    @Test
    void whoHasNotRunTheLoopIsToldHowTo() {
        assertThat(failureOf("spawnsAndRunsNothing"))
                .hasMessageContaining("a task has not ended: forgotten")
                .hasMessageContaining("something is still queued; test.runUntilIdle() runs it");
        assertThat(failureOf("leavesATimer")).message().doesNotContain("runUntilIdle");
    }

    @ParameterizedTest
    @CsvSource({
        "leavesAChannel, a channel is still registered",
        "leavesATimer, 1 timer is still pending",
        "leavesTwoTimers, 2 timers are still pending",
        "leavesATask, a task has not ended: forgotten",
        "logsAWarning, unexpected log record: dev.gyre.general WARNING: oops",
        "doesNotLogWhatItDeclared, no record of dev.gyre.general INFO",
        "failsInACallback, exception in callback",
        "writesToStandardError, written to System.err: help",
        "leavesTheLoopRunning, the loop could not be closed"
    })
    void anUntidyTestFailsAndIsToldWhy(String method, String reason) {
        assertThat(failureOf(method))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"isTidy", "logsWhatItDeclared", "logsInformation"})
    void aTidyTestPasses(String method) {
        assertThat(run(method).getStatus()).isEqualTo(Status.SUCCESSFUL);
    }

    @Test
    void theParametersBelongToOneLoop() {
        assertThat(run("gotEverythingOfOneLoop").getStatus()).isEqualTo(Status.SUCCESSFUL);
    }

    @Test
    void allThatIsLeftIsToldAtOnce() {
        assertThat(failureOf("leavesSeveralThings"))
                .hasMessageContaining("timer is still pending")
                .hasMessageContaining("unexpected log record")
                .hasMessageContaining("gyre.seed=");
    }

    @Test
    void theTestsOwnFailureStaysTheFirst() {
        Throwable failure = failureOf("failsAndLeavesATimer");

        assertThat(failure).hasMessage("the test's own failure");
        assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessageContaining("timer is still pending"));
    }

    @Test
    void everyTestHasALoopOfItsOwnThatIsClosedAfterwards() {
        Samples.seen = Optional.empty();
        run("isTidy");
        IOLoop first = Samples.seen.orElseThrow();

        run("isTidy");

        assertThat(Samples.seen.orElseThrow()).isNotSameAs(first);
        assertThatIllegalStateException().isThrownBy(first::start).withMessageContaining("closed");
    }

    @Test
    void standardErrorIsPutBack() {
        PrintStream before = System.err;

        run("isTidy");

        assertThat(System.err).isSameAs(before);
    }

    @Test
    void aParameterOfATestThatIsNotOursIsLeftToOthers() {
        assertThat(failureOf("wantsSomethingElse", String.class))
                .hasMessageContaining("No ParameterResolver registered");
    }

    @Test
    void aTestThatWaitsForEverIsBrokenOffByItsTimeLimit() {
        Throwable failure = failureOf("waitsForEver");

        assertThat(failure).isInstanceOf(TimeoutException.class);
    }

    /// Tests that are run by the tests above, and by nobody else.
    static class Samples {

        /// Ends the sample that spins.
        private static volatile boolean released;

        private static Optional<IOLoop> seen = Optional.empty();

        private TestLoop test;
        private IOLoop loop;
        private ManualTime time;
        private ExpectLog log;

        @BeforeEach
        void take(TestLoop aTest, IOLoop aLoop, ManualTime aTime, ExpectLog aLog) {
            test = aTest;
            loop = aLoop;
            time = aTime;
            log = aLog;
            seen = Optional.of(loop);
        }

        private static void warn(String text) {
            System.getLogger("dev.gyre.general").log(Level.WARNING, text);
        }

        @GyreTest
        void isTidy() {
            loop.callLater(Duration.ofSeconds(1), () -> {});
            test.advance(Duration.ofSeconds(1));
        }

        @GyreTest
        void gotEverythingOfOneLoop() {
            assertThat(loop).isSameAs(test.loop());
            assertThat(time).isSameAs(test.time());
            assertThat(loop.time()).isEqualTo(time.nanos());
            assertThat(log.records()).isEmpty();
        }

        @GyreTest
        void leavesAChannel() throws IOException {
            Pipe pipe = Pipe.open();
            pipe.sink().close();
            pipe.source().configureBlocking(false);
            loop.addHandler(pipe.source(), (channel, events) -> {}, IOLoop.NONE);
        }

        @GyreTest
        void leavesATimer() {
            loop.callLater(Duration.ofSeconds(1), () -> {});
        }

        @GyreTest
        void leavesTwoTimers() {
            leavesATimer();
            leavesATimer();
        }

        @GyreTest
        void spawnsAndRunsNothing() {
            loop.spawn("forgotten", () -> {});
        }

        @GyreTest
        void leavesATask() {
            loop.spawn("forgotten", () -> new LoopFuture<>(loop).await());
            test.runUntilIdle();
        }

        @GyreTest
        @Timeout(value = 1, threadMode = ThreadMode.SEPARATE_THREAD)
        void spins() {
            loop.spawn(
                    "busy",
                    () -> {
                        while (!released) {
                            Thread.onSpinWait();
                        }
                        return true;
                    });
            test.runUntilIdle();
        }

        @GyreTest
        void leavesSeveralThings() {
            leavesATimer();
            warn("oops");
        }

        @GyreTest
        void failsAndLeavesATimer() {
            leavesATimer();
            throw new AssertionError("the test's own failure");
        }

        @GyreTest
        void logsAWarning() {
            warn("oops");
        }

        @GyreTest
        void logsInformation() {
            System.getLogger("dev.gyre.general").log(Level.INFO, "listening");
        }

        @GyreTest
        void logsWhatItDeclared() {
            log.expect("dev.gyre.general", Level.WARNING, "oops");
            warn("oops");
        }

        @GyreTest
        void doesNotLogWhatItDeclared() {
            log.expect("dev.gyre.general", Level.INFO, "listening");
        }

        @GyreTest
        void failsInACallback() {
            loop.addCallback(() -> {
                throw new IOException("unnoticed");
            });
            test.runUntilIdle();
        }

        @GyreTest
        void writesToStandardError() {
            System.err.println("help");
        }

        @GyreTest
        void leavesTheLoopRunning() throws InterruptedException {
            CountDownLatch running = new CountDownLatch(1);
            loop.addCallback(running::countDown);
            Thread thread = new Thread(loop::start);
            thread.setDaemon(true);
            thread.start();
            running.await();
        }

        @GyreTest
        void wantsSomethingElse(String text) {
            throw new AssertionError("nobody provides " + text);
        }

        @GyreTest
        @Timeout(value = 100, unit = TimeUnit.MILLISECONDS)
        void waitsForEver() {
            test.runUntil(() -> false);
        }
    }
}

package dev.gyre.verify.testing;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.PeriodicCallback;
import dev.gyre.net.TcpServer;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.opentest4j.TestAbortedException;

/// The tests of [Samples] are run by an engine of their own, and its verdict is looked at.
@Timeout(GyreTest.SECONDS_MAX)
class SimTestTest {

    private static final List<Long> SEEDS = new ArrayList<>();

    /// Ends the sample that spins.
    private static volatile boolean released;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void forgetSeeds() {
        SEEDS.clear();
    }

    private static Optional<Throwable> failureOf(String method, Class<?>... parameters) {
        return failureIn(Samples.class, method, parameters);
    }

    private static Optional<Throwable> failureIn(
            Class<?> samples, String method, Class<?>... parameters) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(samples, method, parameters))
                .execute()
                .testEvents()
                .finished()
                .stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no such sample: " + method))
                .getThrowable();
    }

    @Test
    void eachSeedIsRun() {
        assertThat(failureOf("notesItsSeed", Simulation.class)).isEmpty();

        // There are more seeds if the whole build runs more.
        assertThat(SEEDS).startsWith(0L, 1L, 2L, 3L, 4L);
    }

    @ParameterizedTest
    @CsvSource({"failsInATask, wrong in a task", "failsInACallback, wrong in a callback"})
    void whatFailsOnAHostFailsTheTestAndIsToldWithItsStack(String sample, String message) {
        Throwable failure = failureOf(sample, Simulation.class).orElseThrow();

        assertThat(failure).hasMessageContaining("-Dgyre.sim.seed=0 fails " + sample);
        assertThat(failure.getCause().getSuppressed())
                .singleElement(as(THROWABLE))
                .hasMessage(message)
                .hasStackTraceContaining("SimTestTest.java");
    }

    @Test
    void aSeedThatDoesNotEndIsToldWithWhereItIs() {
        Throwable failure;
        try {
            failure = failureOf("spins", Simulation.class).orElseThrow();
        } finally {
            released = true;
        }

        assertThat(failure)
                .hasMessageStartingWith(
                        "-Dgyre.sim.seed=0 fails spins: it has not ended after PT1S")
                .hasStackTraceContaining("Samples.lambda$spins");
    }

    @Test
    void aProgramThatNeverComesToRestIsEnded() {
        Throwable failure = failureOf("waitsBesideAHeartbeat", Simulation.class).orElseThrow();

        assertThat(failure)
                .hasMessageStartingWith("-Dgyre.sim.seed=0 fails waitsBesideAHeartbeat: ");
        assertThat(failure.getSuppressed())
                .singleElement(as(THROWABLE))
                .hasMessageContaining("this takes too long")
                .hasMessageContaining("awaits LoopFuture[RUNNING]");
    }

    @Test
    void anAssumptionThatDoesNotHoldIsNoFailure() {
        assertThat(failureOf("assumesTooMuch", Simulation.class))
                .containsInstanceOf(TestAbortedException.class);
    }

    @Test
    void theOtherParametersAreThoseOfOtherExtensions() {
        assertThat(failureOf("hasOtherParameters", Simulation.class, TestInfo.class)).isEmpty();
    }

    @Test
    void thereIsNoSimulationBeforeTheSeeds() {
        Throwable failure = failureIn(EarlySamples.class, "runs", Simulation.class).orElseThrow();

        assertThat(failure)
                .hasMessageContaining("each seed of a @SimTest has a simulation of its own");
    }

    /// Returns the failure of a sample, or nothing, and has what it prints in [#printed].
    private Optional<Throwable> failureOf(String method, Map<String, String> properties) {
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        Properties all = System.getProperties();
        Map<Object, Object> saved = Map.copyOf(all);
        all.putAll(properties);
        try {
            return failureOf(method, Simulation.class);
        } finally {
            System.setOut(before);
            all.keySet().removeAll(properties.keySet());
            all.putAll(saved);
        }
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theFailureOfATaskIsShownBesideWhatTheTestHasFound() {
        assertThat(failureOf("failsBecauseOfATask", Simulation.class).orElseThrow())
                .hasMessageContaining("what the test saw of it")
                .hasStackTraceContaining("the real reason");
    }

    @Test
    void aRunThatIsCutShortTellsHowFarItCame() {
        Map<String, String> properties =
                Map.of("gyre.sim.minutes", "0", "gyre.sim.seeds", "7", "gyre.sim.progress", "true");

        assertThat(failureOf("notesItsSeed", properties)).isEmpty();

        assertThat(SEEDS).hasSize(1);
        assertThat(printed())
                .startsWith("Samples.notesItsSeed: 1 of 7 seeds without a failure, ")
                .contains(" hours simulated in ");
    }

    @Test
    void aRunThatFailsTellsHowFarItCame() {
        Map<String, String> properties =
                Map.of("gyre.sim.seeds", "1000", "gyre.sim.progress", "true");

        assertThat(failureOf("failsOnTheThird", properties)).isPresent();

        assertThat(printed())
                .startsWith("Samples.failsOnTheThird: 2 of 1,000 seeds without a failure, ")
                .endsWith("; seed 2 has failed" + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource({
        "gyre.sim.seed, abc",
        "gyre.sim.seed, 99999999999999999999999",
        "gyre.sim.seeds, 0",
        "gyre.sim.seeds, 1e3",
        "gyre.sim.times, -1",
        "gyre.sim.from, x",
        "gyre.sim.minutes, 361",
        "gyre.sim.progress, yes",
    })
    void aPropertyThatMakesNoSenseFailsTheTest(String property, String value) {
        assertThat(failureOf("notesItsSeed", Map.of(property, value)).orElseThrow())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("-D%s=%s: it must be ", property, value);
        assertThat(SEEDS).isEmpty();
    }

    @Test
    void noSeedsAreTooFew() {
        assertThat(failureOf("hasNoSeeds", Simulation.class).orElseThrow())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("@SimTest(seeds = 0): ");
        assertThat(SEEDS).isEmpty();
    }

    @Test
    void theFirstSeedThatFailsIsTold() {
        assertThat(failureOf("failsOnTheThird", Simulation.class).orElseThrow())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("-Dgyre.sim.seed=2 fails failsOnTheThird: planned")
                .hasRootCauseMessage("planned");
        assertThat(SEEDS).hasSize(3);
    }

    @Test
    void whatIsLeftIsAFailure() {
        assertThat(failureOf("leavesAServer", Simulation.class).orElseThrow())
                .hasMessageContaining("server: a listener on")
                .hasMessageContaining("is still open");
    }

    @Test
    void anUnexpectedLogRecordIsAFailure() {
        assertThat(failureOf("logsAWarning", Simulation.class, ExpectLog.class).orElseThrow())
                .hasMessageContaining("oops");
    }

    /// Samples that the build does not find, since it looks for top-level classes.
    static final class EarlySamples {

        @BeforeEach
        void prepare(Simulation simulation) {
            simulation.host("early");
        }

        @SimTest
        void runs(Simulation simulation) {
            simulation.run();
        }
    }

    static final class Samples {

        @SimTest(seeds = 1)
        void failsBecauseOfATask(Simulation simulation) {
            simulation
                    .host("a")
                    .start(() -> {
                        throw new IllegalStateException("the real reason");
                    });
            simulation.advance(Duration.ofMillis(1));
            throw new AssertionError("what the test saw of it");
        }

        @SimTest(seeds = 1)
        void failsInATask(Simulation simulation) {
            simulation
                    .host("host")
                    .start(() -> {
                        throw new AssertionError("wrong in a task");
                    });
            simulation.run();
        }

        @SimTest(seeds = 1)
        void failsInACallback(Simulation simulation) {
            simulation
                    .host("host")
                    .loop()
                    .addCallback(() -> {
                        throw new AssertionError("wrong in a callback");
                    });
            simulation.run();
        }

        @SimTest(seeds = 1, seedSecondsMax = 1)
        void spins(Simulation simulation) {
            simulation
                    .host("host")
                    .run(() -> {
                        while (!released) {
                            Thread.onSpinWait();
                        }
                        return true;
                    });
        }

        @SimTest(seeds = 1, seedSecondsMax = 1)
        void waitsBesideAHeartbeat(Simulation simulation) {
            SimulatedHost host = simulation.host("host");
            host.loop().addCallback(new PeriodicCallback(() -> {}, Duration.ofSeconds(1))::start);
            host.run(() -> new LoopFuture<>(host.loop()).await());
        }

        @SimTest(seeds = 1)
        void assumesTooMuch(Simulation simulation) {
            assumeTrue(simulation.seed() < 0);
        }

        @SimTest(seeds = 1)
        void hasOtherParameters(Simulation simulation, TestInfo info) {
            assertThat(info.getDisplayName()).startsWith("hasOtherParameters");
        }

        @SimTest(seeds = 5)
        void notesItsSeed(Simulation simulation) {
            SEEDS.add(simulation.seed());
        }

        @SimTest(seeds = 0)
        void hasNoSeeds(Simulation simulation) {
            SEEDS.add(simulation.seed());
        }

        @SimTest(seeds = 5)
        void failsOnTheThird(Simulation simulation) {
            SEEDS.add(simulation.seed());
            if (SEEDS.size() == 3) {
                throw new IllegalStateException("planned");
            }
        }

        @SimTest(seeds = 1)
        void leavesAServer(Simulation simulation) {
            simulation.host("server").run(() -> new TcpServer(stream -> {}).listen(1));
        }

        @SimTest(seeds = 1)
        void logsAWarning(Simulation simulation, ExpectLog log) {
            Logger logger = System.getLogger("dev.gyre.general");
            logger.log(Level.WARNING, "oops, {0} {1}", simulation, log);
        }
    }
}

package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.PeriodicCallback;
import dev.gyre.loop.Task;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(GyreTest.SECONDS_MAX)
class PeriodicCallbackTest {

    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final List<Double> calls = new ArrayList<>();

    /// Starts at second 1000 on a clock that only waiting and the callback move, and returns when
    /// the calls were made.
    ///
    /// @param seconds how much the clock moves during each call
    private List<Double> callsThatLast(double... seconds) {
        return calls(0, UnaryOperator.identity(), seconds);
    }

    private List<Double> calls(
            double jitter, UnaryOperator<LoopOptions> customise, double... seconds) {
        ScriptedTime clock = new ScriptedTime(1000 * SECOND_NANOS);
        ScriptedPoller poller = new ScriptedPoller();
        poller.onPoll(clock::advanceBy);
        try (IOLoop loop = new IOLoop(customise.apply(clock.with(poller)))) {
            Callback callback =
                    () -> {
                        calls.add(clock.nanos() / (double) SECOND_NANOS);
                        clock.move(duration(seconds[calls.size() - 1]));
                        if (calls.size() == seconds.length) {
                            loop.stop();
                        }
                    };
            loop.addCallback(new PeriodicCallback(callback, PERIOD, jitter)::start);
            loop.start();
        }
        return calls;
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * SECOND_NANOS));
    }

    @Test
    void theFirstCallComesAfterOnePeriodAndTheOthersOnePeriodApart() {
        assertThat(callsThatLast(0, 0, 0, 0)).containsExactly(1010.0, 1020.0, 1030.0, 1040.0);
    }

    @Test
    void slotsThatPassDuringACallAreSkippedAndThePhaseIsKept() {
        assertThat(callsThatLast(9, 9, 10, 11, 20, 20, 35, 35, 0, 0, 0))
                .containsExactly(
                        1010.0, 1020.0, 1030.0, 1050.0, 1070.0, 1100.0, 1130.0, 1170.0, 1210.0,
                        1220.0, 1230.0);
    }

    @Test
    void smallStepsOfTheClockBackwardsAreIgnored() {
        assertThat(callsThatLast(-2, -1, -3, -2, 0))
                .containsExactly(1010.0, 1020.0, 1030.0, 1040.0, 1050.0);
    }

    @Test
    void aLargeStepOfTheClockBackwardsKeepsTheSchedule() {
        assertThat(callsThatLast(-100, 0, 0)).containsExactly(1010.0, 1020.0, 1030.0);
    }

    @Test
    void jitterVariesEachPeriodAroundItsLength() {
        RandomGenerator random = scripted(0.5, 1.0, 0.0, 0.75, 0.5);

        assertThat(calls(0.5, options -> options.withRandom(random), 0, 0, 0, 0))
                .containsExactly(1010.0, 1022.5, 1030.0, 1041.25);
    }

    /// Returns a generator that gives these numbers.
    private static RandomGenerator scripted(Double... numbers) {
        Iterator<Double> next = List.of(numbers).iterator();
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException("only nextDouble is scripted");
            }

            @Override
            public double nextDouble() {
                return next.next();
            }
        };
    }

    @GyreTest
    void aLateWakeUpDoesNotMoveTheSchedule(TestLoop test) {
        long start = test.loop().time();
        PeriodicCallback periodic = onLoop(test, () -> calls.add(secondsSince(test, start)));

        test.time().advance(Duration.ofSeconds(13));
        test.runUntilIdle();
        test.advance(Duration.ofSeconds(7));

        assertThat(calls).containsExactly(13.0, 20.0);
        periodic.stop();
    }

    private static double secondsSince(TestLoop test, long start) {
        return (test.loop().time() - start) / (double) SECOND_NANOS;
    }

    /// Starts a periodic callback on the loop of the test.
    private static PeriodicCallback onLoop(TestLoop test, Callback callback) {
        PeriodicCallback periodic = new PeriodicCallback(callback, PERIOD);
        test.loop().addCallback(periodic::start);
        test.runUntilIdle();
        return periodic;
    }

    @GyreTest
    void theLoopIsTheOneThatIsCurrentAtTheStart(TestLoop test) {
        List<IOLoop> loops = new ArrayList<>();
        PeriodicCallback periodic = onLoop(test, () -> loops.add(IOLoop.current()));

        test.advance(PERIOD);

        assertThat(loops).containsExactly(test.loop());
        periodic.stop();
    }

    @GyreTest
    void startingTwiceMakesOneChainOfCalls(TestLoop test) {
        PeriodicCallback periodic = onLoop(test, () -> calls.add(0.0));
        test.loop().addCallback(periodic::start);

        test.advance(PERIOD.multipliedBy(3));

        assertThat(calls).hasSize(3);
        periodic.stop();
    }

    @GyreTest
    void afterStopThereAreNoMoreCalls(TestLoop test) {
        PeriodicCallback periodic = onLoop(test, () -> calls.add(0.0));
        test.advance(PERIOD);

        periodic.stop();
        periodic.stop();
        test.advance(PERIOD.multipliedBy(3));

        assertThat(calls).hasSize(1);
        assertThat(periodic.isRunning()).isFalse();
    }

    @GyreTest
    void stoppingWithinTheCallbackSchedulesNothingMore(TestLoop test) {
        List<PeriodicCallback> self = new ArrayList<>();
        self.add(
                onLoop(
                        test,
                        () -> {
                            calls.add(0.0);
                            self.getFirst().stop();
                        }));

        test.advance(PERIOD.multipliedBy(3));

        assertThat(calls).hasSize(1);
        assertThat(test.leftovers()).isEmpty();
    }

    @GyreTest
    void restartingWithinTheCallbackMakesOneNewChain(TestLoop test) {
        long start = test.loop().time();
        List<PeriodicCallback> self = new ArrayList<>();
        self.add(
                onLoop(
                        test,
                        () -> {
                            calls.add(secondsSince(test, start));
                            test.time().advance(Duration.ofSeconds(3));
                            self.getFirst().stop();
                            self.getFirst().start();
                        }));

        test.advance(Duration.ofSeconds(36));

        assertThat(calls).containsExactly(10.0, 23.0, 36.0);
        self.getFirst().stop();
    }

    @GyreTest
    void aStoppedOneCanBeStartedAgainWithANewSchedule(TestLoop test) {
        long start = test.loop().time();
        PeriodicCallback periodic = onLoop(test, () -> calls.add(secondsSince(test, start)));
        periodic.stop();

        test.advance(Duration.ofSeconds(4));
        test.loop().addCallback(periodic::start);
        test.advance(PERIOD);

        assertThat(calls).containsExactly(14.0);
        periodic.stop();
    }

    @GyreTest
    void itIsRunningFromStartToStopAndNotOnlyDuringTheCall(TestLoop test) {
        PeriodicCallback periodic = new PeriodicCallback(() -> {}, PERIOD);
        assertThat(periodic.isRunning()).isFalse();

        test.loop().addCallback(periodic::start);
        test.runUntilIdle();

        assertThat(periodic.isRunning()).isTrue();
        periodic.stop();
    }

    @GyreTest
    void aFailureIsLoggedAndTheCallsGoOn(TestLoop test, ExpectLog log) {
        log.expect(2, "dev.gyre.application", Level.ERROR, "sweep failed");
        PeriodicCallback periodic =
                onLoop(
                        test,
                        () -> {
                            calls.add(0.0);
                            throw new IllegalStateException("sweep failed");
                        });

        test.advance(PERIOD.multipliedBy(2));

        assertThat(calls).hasSize(2);
        periodic.stop();
    }

    @GyreTest
    void aCallThatOverflowsTheStackIsReportedAndTheCallsGoOn(TestLoop test, ExpectLog log) {
        log.expect("dev.gyre.application", Level.ERROR, "too deep");
        PeriodicCallback periodic =
                onLoop(
                        test,
                        () -> {
                            calls.add(0.0);
                            if (calls.size() == 1) {
                                throw new StackOverflowError("too deep");
                            }
                        });

        test.advance(PERIOD.multipliedBy(2));

        assertThat(calls).hasSize(2);
        periodic.stop();
    }

    @GyreTest
    void theShortestPeriodDoesNotStarveTheLoop(TestLoop test) {
        List<String> ran = new ArrayList<>();
        PeriodicCallback periodic =
                new PeriodicCallback(() -> ran.add("periodic"), Duration.ofNanos(1));
        test.loop().addCallback(periodic::start);

        test.advance(Duration.ofNanos(3));

        assertThat(ran).hasSize(3);
        periodic.stop();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void aPeriodThatIsNotPositiveIsRefused(long nanos) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeriodicCallback(() -> {}, Duration.ofNanos(nanos)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void jitterOutOfRangeIsRefused(double jitter) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeriodicCallback(() -> {}, PERIOD, jitter));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1})
    void jitterAtTheEndsOfItsRangeIsTaken(double jitter) {
        assertThat(new PeriodicCallback(() -> {}, PERIOD, jitter).isRunning()).isFalse();
    }

    // Calls that are cancelled, as any task may be.

    @GyreTest
    void aCallThatIsCancelledBeforeItBeginsIsSkipped(TestLoop test) {
        // At the same time as the first call, and before it.
        test.loop()
                .callLater(
                        PERIOD,
                        () ->
                                test.loop()
                                        .addCallback(
                                                () -> test.loop().tasks().forEach(Task::cancel)));
        PeriodicCallback periodic = onLoop(test, () -> calls.add(0.0));
        test.advance(PERIOD);
        assertThat(calls).isEmpty();

        test.advance(PERIOD.multipliedBy(2));

        assertThat(calls).hasSize(2);
        periodic.stop();
    }

    @GyreTest
    void aCallThatIsCancelledEndsInSilenceAndTheCallsGoOn(TestLoop test) {
        PeriodicCallback periodic =
                onLoop(
                        test,
                        () -> {
                            calls.add(0.0);
                            Task.sleep(PERIOD);
                        });
        test.advance(PERIOD);

        test.loop().tasks().forEach(Task::cancel);
        test.advance(PERIOD);

        assertThat(calls).hasSize(2);
        periodic.stop();
        test.loop().tasks().forEach(Task::cancel);
        test.runUntilIdle();
    }

    @GyreTest
    void aClosingLoopMakesNoMoreCalls(TestLoop test) {
        List<String> ends = new ArrayList<>();
        Duration period = Duration.ofMillis(500);
        test.loop().addCallback(new PeriodicCallback(() -> calls.add(0.0), period)::start);
        test.loop()
                .spawn(
                        "tidy",
                        () -> {
                            try {
                                Task.sleep(PERIOD);
                            } finally {
                                Task.shielded(PERIOD, () -> outlast(test, period));
                                ends.add("cleaned up");
                            }
                            return null;
                        });
        test.runUntilIdle();

        test.close();

        assertThat(calls).isEmpty();
        assertThat(ends).containsExactly("cleaned up");
    }

    /// Lets the time of a call pass, and the turn in which it would be made.
    private static boolean outlast(TestLoop test, Duration period) {
        test.time().advance(period);
        Task.pause();
        Task.pause();
        return true;
    }

    @GyreTest
    void aCallUnderWayWhenTheLoopIsClosedEndsInSilence(TestLoop test) {
        onLoop(test, () -> Task.sleep(PERIOD));
        test.advance(PERIOD);

        test.close();

        assertThat(test.loop().tasks()).isEmpty();
    }
}

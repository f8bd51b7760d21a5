package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.Callback;
import dev.gyre.loop.Deadline;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.LoopTimer;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(GyreTest.SECONDS_MAX)
class TimersTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration CENTURY = Duration.ofDays(36_525);

    private final List<String> ran = new ArrayList<>();

    private Callback note(String name) {
        return () -> ran.add(name);
    }

    @GyreTest
    void aTimerRunsAtItsDeadlineAndNotBefore(TestLoop test) {
        test.loop().callLater(SECOND, note("timer"));

        test.advance(SECOND.minusNanos(1));
        assertThat(ran).isEmpty();
        test.advance(Duration.ofNanos(1));

        assertThat(ran).containsExactly("timer");
    }

    @GyreTest
    void timersAnHourApartRunInTheOrderOfTheirDeadlines(TestLoop test) {
        for (int hours : new int[] {3, 1, 5, 2, 4}) {
            test.loop().callLater(HOUR.multipliedBy(hours), note(hours + " h"));
        }

        test.advance(HOUR.multipliedBy(5));

        assertThat(ran).containsExactly("1 h", "2 h", "3 h", "4 h", "5 h");
    }

    @GyreTest
    void timersOfOneDeadlineRunInTheOrderOfScheduling(TestLoop test) {
        Deadline deadline = new Deadline(test.loop().time()).plus(SECOND);
        for (int i = 0; i < 5; i++) {
            test.loop().callAt(deadline, note("timer " + i));
        }

        test.advance(SECOND);

        assertThat(ran).containsExactly("timer 0", "timer 1", "timer 2", "timer 3", "timer 4");
    }

    @GyreTest
    void amongDeadlinesInThePastTheEarlierGoesFirst(TestLoop test) {
        Deadline now = new Deadline(test.loop().time());
        test.loop().callAt(now.plus(SECOND.negated()), note("a second ago"));
        test.loop().callAt(now.plus(HOUR.negated()), note("an hour ago"));
        test.loop().callLater(Duration.ZERO, note("now"));
        test.loop().callLater(CENTURY.negated(), note("a century ago"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("a century ago", "an hour ago", "a second ago", "now");
    }

    @GyreTest
    void aTimerOfAMicrosecondFires(TestLoop test) {
        test.loop().callLater(Duration.ofNanos(1_000), note("timer"));

        test.advance(Duration.ofNanos(1_000));

        assertThat(ran).containsExactly("timer");
    }

    @GyreTest
    void aTimerInThePastRunsInTheNextTurnAndNotInsideTheCall(TestLoop test) {
        IOLoop loop = test.loop();
        loop.addCallback(() -> {
            loop.callLater(SECOND.negated(), () -> ran.add("timer in " + turn(loop)));
            ran.add("scheduled in " + turn(loop));
        });

        test.runUntilIdle();

        assertThat(ran).containsExactly("scheduled in 1", "timer in 2");
    }

    private static long turn(IOLoop loop) {
        return loop.metrics().turns();
    }

    @GyreTest
    void aTimerAddedByATimerOfTheSameMomentWaitsForTheNextTurn(TestLoop test) {
        IOLoop loop = test.loop();
        loop.callLater(
                SECOND,
                () -> {
                    ran.add("first in " + turn(loop));
                    loop.callLater(Duration.ZERO, () -> ran.add("second in " + turn(loop)));
                });

        test.advance(SECOND);

        assertThat(ran).containsExactly("first in 2", "second in 3");
    }

    @GyreTest
    void callbacksOfTheTurnRunBeforeItsTimers(TestLoop test) {
        test.loop().callLater(Duration.ZERO, note("timer"));
        test.loop().addCallback(note("callback"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("callback", "timer");
    }

    /// Which timers are due is settled when the turn begins.
    @GyreTest
    void aTimerThatBecomesDueDuringATurnWaitsForTheNext(TestLoop test) {
        IOLoop loop = test.loop();
        loop.callLater(SECOND, () -> ran.add("timer in " + turn(loop)));
        loop.addCallback(() -> {
            test.time().advance(SECOND);
            ran.add("slow callback in " + turn(loop));
        });

        test.runUntilIdle();

        assertThat(ran).containsExactly("slow callback in 1", "timer in 2");
    }

    @GyreTest
    void aCancelledTimerDoesNotRun(TestLoop test) {
        LoopTimer timer = test.loop().callLater(SECOND, note("timer"));

        timer.cancel();
        test.advance(SECOND);

        assertThat(ran).isEmpty();
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void cancellingTwiceOrAfterTheCallIsHarmless(TestLoop test) {
        LoopTimer ranAlready = test.loop().callLater(SECOND, note("timer"));
        LoopTimer cancelled = test.loop().callLater(HOUR, note("never"));
        test.advance(SECOND);

        assertThatCode(
                        () -> {
                            ranAlready.cancel();
                            cancelled.cancel();
                            cancelled.cancel();
                        })
                .doesNotThrowAnyException();

        assertThat(ran).containsExactly("timer");
        assertThat(test.loop().metrics().timers()).isZero();
    }

    @GyreTest
    void aTimerCancelledByAnEarlierOneOfTheSameTurnDoesNotRun(TestLoop test) {
        List<LoopTimer> timers = new ArrayList<>();
        test.loop().callLater(SECOND, () -> timers.getFirst().cancel());
        timers.add(test.loop().callLater(SECOND, note("second")));

        test.advance(SECOND);

        assertThat(ran).isEmpty();
        assertThat(timers.getFirst().isPending()).isFalse();
    }

    @GyreTest
    void aTimerCancelledByACallbackOfTheSameTurnDoesNotRun(TestLoop test) {
        LoopTimer timer = test.loop().callLater(Duration.ZERO, note("timer"));
        test.loop().addCallback(timer::cancel);

        test.runUntilIdle();

        assertThat(ran).isEmpty();
    }

    @GyreTest
    void aTimerMayCancelItself(TestLoop test) {
        List<LoopTimer> timers = new ArrayList<>();
        timers.add(
                test.loop()
                        .callLater(
                                SECOND,
                                () -> {
                                    timers.getFirst().cancel();
                                    ran.add("timer");
                                }));

        test.advance(HOUR);

        assertThat(ran).containsExactly("timer");
    }

    @GyreTest
    void aTimerIsPendingUntilItRunsOrIsCancelled(TestLoop test) {
        LoopTimer runs = test.loop().callLater(SECOND, note("timer"));
        LoopTimer cancelled = test.loop().callLater(SECOND, note("never"));
        assertThat(runs.isPending()).isTrue();

        cancelled.cancel();
        test.advance(SECOND);

        assertThat(runs.isPending()).isFalse();
        assertThat(cancelled.isPending()).isFalse();
    }

    @GyreTest
    void aTimerKnowsItsDeadline(TestLoop test) {
        Deadline deadline = new Deadline(test.loop().time() + 7);

        LoopTimer timer = test.loop().callAt(deadline, note("timer"));

        assertThat(timer.deadline()).isEqualTo(deadline);
        timer.cancel();
    }

    @GyreTest
    void nullIsRefusedAtTheCall(IOLoop loop) {
        assertThatNullPointerException().isThrownBy(() -> loop.callLater(SECOND, null));
        assertThat(loop.metrics().timers()).isZero();
    }

    @GyreTest
    void aFailingTimerIsLoggedAndTheNextOneRuns(TestLoop test, ExpectLog log) {
        log.expect("dev.gyre.application", Level.ERROR, "timer broke");
        test.loop()
                .callLater(
                        SECOND,
                        () -> {
                            throw new IllegalStateException("timer broke");
                        });
        test.loop().callLater(SECOND, note("next"));

        test.advance(SECOND);

        assertThat(ran).containsExactly("next");
    }

    @GyreTest
    void cancellingReleasesWhatTheTimerWouldHaveRun(TestLoop test) {
        Object[] captured = {new Object()};
        WeakReference<Object> watched = new WeakReference<>(captured[0]);
        LoopTimer timer = test.loop().callLater(HOUR, noteOf(captured[0]));
        captured[0] = null;

        timer.cancel();
        System.gc();

        assertThat(watched.get()).isNull();
        assertThat(timer.isPending()).isFalse();
    }

    private Callback noteOf(Object captured) {
        return () -> ran.add(captured.toString());
    }

    @GyreTest
    void twoThousandHoursAddedAndCancelledLeaveNothing(TestLoop test) {
        List<LoopTimer> timers = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            timers.add(test.loop().callLater(HOUR, note("never")));
        }
        test.loop().callLater(HOUR, note("the one that stays"));

        timers.forEach(LoopTimer::cancel);
        test.advance(HOUR);

        assertThat(ran).containsExactly("the one that stays");
    }

    /// More than half of the timers are cancelled: then those are removed, and the rest ordered
    /// anew.
    @GyreTest
    void thoseThatOutliveACleanUpRunInTheirOrder(TestLoop test) {
        Random random = new Random(1);
        List<Integer> order = new ArrayList<>();
        List<LoopTimer> timers = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            int millis = random.nextInt(100_000);
            timers.add(test.loop().callLater(Duration.ofMillis(millis), () -> order.add(millis)));
        }

        Collections.shuffle(timers, random);
        timers.subList(0, 2000).forEach(LoopTimer::cancel);
        test.advance(Duration.ofSeconds(100));

        assertThat(order).hasSize(1000).isSorted();
    }

    /// What the loop still holds is seen from which timers can still be reached.
    @GyreTest
    void aMillionTimersAddedAndCancelledLeaveMemoryFlat(TestLoop test) {
        test.loop().callLater(HOUR, note("the one that stays"));
        List<WeakReference<LoopTimer>> sample = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            LoopTimer timer = test.loop().callLater(HOUR.plusNanos(i), note("never"));
            timer.cancel();
            if (i % 100 == 0) {
                sample.add(new WeakReference<>(timer));
            }
        }

        System.gc();

        // At most 513 cancelled ones wait for a clean-up, one in a hundred of which is sampled.
        assertThat(sample.stream().filter(timer -> timer.get() != null).count()).isLessThan(8);
        assertThat(test.loop().metrics().timers()).isEqualTo(1);
        test.advance(HOUR);
        assertThat(ran).containsExactly("the one that stays");
    }

    @GyreTest
    void timersYearsAheadRunInTheirOrder(TestLoop test) {
        test.loop().callLater(CENTURY, note("a century"));
        test.loop().callLater(CENTURY.minusNanos(1), note("a moment less"));

        test.advance(CENTURY);

        assertThat(ran).containsExactly("a moment less", "a century");
    }

    @GyreTest
    void theLongestDelayIsTakenAsHundredAndFortySixYears(TestLoop test) {
        LoopTimer timer = test.loop().callLater(Duration.ofSeconds(Long.MAX_VALUE), note("never"));
        test.loop().callLater(SECOND, note("soon"));

        test.advance(Duration.ofDays(365 * 146));

        assertThat(ran).containsExactly("soon");
        assertThat(timer.isPending()).isTrue();
        timer.cancel();
    }

    @GyreTest
    void theMostNegativeDelayIsDueAtOnce(TestLoop test) {
        test.loop().callLater(Duration.ofSeconds(Long.MIN_VALUE), note("long ago"));

        test.runUntilIdle();

        assertThat(ran).containsExactly("long ago");
    }

    @Test
    void aClockThatWrapsAroundDoesNotMixUpTimers() {
        ScriptedTime clock = new ScriptedTime(Long.MAX_VALUE - 1);
        ScriptedPoller poller = new ScriptedPoller();
        poller.onPoll(clock::advanceBy);
        try (IOLoop loop = new IOLoop(clock.with(poller))) {
            loop.callLater(Duration.ofNanos(5), note("after the wrap"));
            loop.callLater(Duration.ofNanos(1), note("before the wrap"));
            loop.callLater(Duration.ofNanos(9), loop::stop);

            loop.start();
        }

        assertThat(ran).containsExactly("before the wrap", "after the wrap");
    }

    /// With the platform's poller: a wait of a century must neither fail nor return at once.
    @Test
    void theRealPollerWaitsForATimerYearsAhead() throws Exception {
        IOLoop loop = new IOLoop(LoopOptions.defaults());
        loop.callLater(CENTURY, note("never"));
        try (LoopOnThread running = LoopOnThread.start(loop)) {
            for (int i = 0; i < 10; i++) {
                running.run(() -> {});
            }

            running.run(() -> assertThat(turn(loop)).isLessThan(100));
        }
        assertThat(ran).isEmpty();
    }

    @Test
    void thePollWaitsUntilTheNextDeadlineExactly() {
        ScriptedTime clock = new ScriptedTime(77);
        ScriptedPoller poller = new ScriptedPoller();
        poller.onPoll(clock::advanceBy);
        try (IOLoop loop = new IOLoop(clock.with(poller))) {
            loop.callLater(Duration.ofNanos(30), loop::stop);
            loop.callLater(Duration.ofNanos(10), note("first"));
            loop.callLater(Duration.ofNanos(5), note("cancelled")).cancel();

            loop.start();
        }

        assertThat(poller.timeouts()).containsExactly(10L, 20L, 0L);
    }

    /// With the system's clock: it may be late, but never early.
    @Test
    void onTheSystemsClockATimerIsNeverEarly() {
        long[] lateness = new long[1];
        try (IOLoop loop = new IOLoop()) {
            long start = System.nanoTime();
            loop.callLater(
                    Duration.ofNanos(2_500_000),
                    () -> {
                        lateness[0] = System.nanoTime() - start - 2_500_000;
                        loop.stop();
                    });

            loop.start();
        }

        assertThat(lateness[0]).isNotNegative();
    }
}

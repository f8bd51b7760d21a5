package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.PeriodicCallback;
import dev.gyre.loop.Task;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Timers in thousands, of which most are cancelled, so that what keeps them is cleaned up again
/// and again; and those that repeat.
class TimersInSimulationTest {

    private static final int ROUNDS = 5;

    private static final int TIMERS_MAX = 1500;

    /// Often a whole number of milliseconds, so that many are due together.
    private static Duration moment(Random random) {
        return random.nextBoolean()
                ? Duration.ofMillis(random.nextInt(50))
                : Duration.ofNanos(random.nextInt(50_000_000));
    }

    @SimTest(seeds = 20)
    void ofThousandsThoseRunThatWereNotCancelled(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        TimerAudit audit = new TimerAudit(simulation, host);
        List<TimerAudit.Timer> timers = new ArrayList<>();
        simulation.checkAlways(() -> checkCount(host.loop(), audit));
        for (int round = 0; round < ROUNDS; round++) {
            host.run(() -> {
                addSome(audit, timers, random);
                cancelSome(timers, random);
                return true;
            });
            simulation.advance(moment(random));
        }

        simulation.run();

        assertThat(audit.pendingCount()).isZero();
    }

    private static void checkCount(IOLoop loop, TimerAudit audit) {
        if (loop.isIdle()) {
            assertThat(loop.metrics().timers()).isEqualTo(audit.pendingCount());
        }
    }

    /// Adds timers of which some cancel others, and add new ones.
    private static void addSome(TimerAudit audit, List<TimerAudit.Timer> timers, Random random) {
        int count = random.nextInt(TIMERS_MAX);
        for (int i = 0; i < count; i++) {
            timers.add(audit.callLater(moment(random), () -> disturb(audit, timers, random)));
        }
    }

    private static void disturb(TimerAudit audit, List<TimerAudit.Timer> timers, Random random) {
        if (random.nextInt(20) == 0) {
            timers.get(random.nextInt(timers.size())).cancel();
            timers.add(audit.callLater(moment(random), () -> {}));
        }
    }

    /// A few of them, or nearly all, in any order.
    private static void cancelSome(List<TimerAudit.Timer> timers, Random random) {
        timers.removeIf(timer -> !timer.isPending());
        Collections.shuffle(timers, random);
        int count = timers.size() * random.nextInt(11) / 10;
        timers.subList(0, count).forEach(TimerAudit.Timer::cancel);
        timers.subList(0, count / 2).forEach(TimerAudit.Timer::cancel);
    }

    /// Stopped and started again at any moment, also by itself.
    @SimTest(seeds = 50)
    void whatIsPeriodicRunsAtEachOfItsMomentsWhileItIsStarted(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host("host");
        List<Repeating> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Repeating repeating = host.run(() -> new Repeating(random));
            all.add(repeating);
            simulation.checkAlways(repeating::check);
        }
        for (int i = 0; i < 20; i++) {
            Repeating one = all.get(random.nextInt(all.size()));
            host.run(() -> {
                one.startOrStop();
                return true;
            });
            simulation.advance(moment(random));
        }

        host.run(() -> {
            all.forEach(Repeating::stop);
            return true;
        });
        simulation.run();
    }

    /// A periodic callback, and when it must run next.
    private static final class Repeating {

        private final IOLoop loop = IOLoop.current();
        private final Random random;
        private final long period;
        private final PeriodicCallback callback;
        private final List<String> wrong = new ArrayList<>();

        private boolean isStarted;
        private long due;

        /// How often it was started: a call under way may be of an earlier time.
        private int starts;

        /// Whether a call of this time is under way.
        private boolean isInCall;

        Repeating(Random random) {
            this.random = random;
            Duration each = Duration.ofMillis(1 + random.nextInt(9));
            period = each.toNanos();
            callback = new PeriodicCallback(this::run, each);
        }

        void startOrStop() {
            if (isStarted) {
                stop();
            } else {
                callback.start();
                isStarted = true;
                isInCall = false;
                starts++;
                due = loop.time() + period;
            }
        }

        void stop() {
            callback.stop();
            isStarted = false;
        }

        /// Takes its time, now and then; then the moments that pass meanwhile are skipped.
        private void run() {
            if (!isStarted || isInCall || loop.time() != due) {
                wrong.add("ran at %d, was due at %d".formatted(loop.time(), due));
            }
            int own = starts;
            isInCall = true;
            if (random.nextInt(4) == 0) {
                Task.sleep(moment(random));
            }
            if (own != starts) {
                return;
            }
            isInCall = false;
            due += ((loop.time() - due) / period + 1) * period;
            if (random.nextInt(10) == 0) {
                stop();
            }
        }

        void check() {
            assertThat(wrong).isEmpty();
            if (isStarted && !isInCall && loop.isIdle()) {
                assertThat(loop.time()).isLessThan(due);
            }
            assertThat(callback.isRunning()).isEqualTo(isStarted);
        }
    }
}

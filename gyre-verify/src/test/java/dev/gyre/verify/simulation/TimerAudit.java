package dev.gyre.verify.simulation;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopTimer;
import dev.gyre.loop.Task;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Keeps account of the timers of a host, and fails its simulation at the step in which one runs
/// early, late, twice, after it was cancelled, or before one that comes first.
///
/// In a simulation the clock stands still while a host runs, so all of this holds to the
/// nanosecond.
final class TimerAudit {

    private static final Comparator<Timer> ORDER =
            Comparator.comparingLong((Timer timer) -> timer.deadline)
                    .thenComparingInt(timer -> timer.number);

    /// How many of the thousands that are pending a message shows.
    private static final int SHOWN_MAX = 10;

    private final IOLoop loop;

    /// The timers that have still to run, the next one first.
    private final TreeSet<Timer> pending = new TreeSet<>(ORDER);

    /// How many were ever made.
    private int made;

    /// What went wrong while the host ran; null while all is well.
    private @Nullable String wrong;

    TimerAudit(Simulation simulation, SimulatedHost host) {
        loop = host.loop();
        simulation.checkAlways(this::check);
    }

    /// Does what [IOLoop#callLater] does.
    ///
    /// @param delay not negative: such timers run a turn later than their deadline says
    Timer callLater(Duration delay, Callback callback) {
        return new Timer(delay, callback);
    }

    /// Returns how many have still to run.
    int pendingCount() {
        return pending.size();
    }

    private void check() {
        if (loop.isIdle() && !pending.isEmpty() && pending.first().deadline <= loop.time()) {
            wrong = pending.first() + " has not run";
        }
        if (wrong != null) {
            throw new AssertionError(wrong);
        }
    }

    /// Does what [Task#sleep] does, which takes just its time.
    static void sleep(Duration duration) {
        IOLoop loop = IOLoop.current();
        long end = loop.time() + duration.toNanos();
        Task.sleep(duration);
        if (loop.time() != end) {
            throw new AssertionError(
                    "a sleep of %s ended %d ns late".formatted(duration, loop.time() - end));
        }
    }

    /// A timer under audit.
    final class Timer {

        private final int number = made++;
        private final long deadline;
        private final LoopTimer timer;

        private Timer(Duration delay, Callback callback) {
            deadline = loop.time() + delay.toNanos();
            timer = loop.callLater(delay, () -> run(callback));
            pending.add(this);
        }

        boolean isPending() {
            return pending.contains(this);
        }

        void cancel() {
            pending.remove(this);
            timer.cancel();
        }

        private void run(Callback callback) throws Exception {
            if (pending.isEmpty() || pending.first() != this || deadline != loop.time()) {
                List<Timer> next = pending.stream().limit(SHOWN_MAX).toList();
                wrong = "%s ran; pending were %s".formatted(this, next);
            }
            pending.remove(this);
            callback.run();
        }

        @Override
        public String toString() {
            return "timer %d, due in %d ns".formatted(number, deadline - loop.time());
        }
    }
}

package dev.gyre.loop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Counts and times the turns of a loop, for the loop's metrics and its watchdog.
///
/// The loop's thread writes the figures, any thread reads them. Each is written with release
/// semantics and nothing is locked: a reader may be a turn behind.
final class TurnClock {

    /// Stands for "in no turn" in [#turnStart]; a clock that really shows it is a nanosecond off.
    private static final long IDLE = Long.MIN_VALUE;

    private final TimeSource time;
    private final AtomicLong turns = new AtomicLong();
    private final AtomicLong callbacks = new AtomicLong();
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong longestTurnNanos = new AtomicLong();
    private final AtomicLong pollingNanos = new AtomicLong();
    private final AtomicLong blockedTurns = new AtomicLong();

    /// When the current stretch of work began, from the return of a poll to the next one; `IDLE`
    /// while the loop polls or does not run.
    private final AtomicLong turnStart = new AtomicLong(IDLE);

    /// When the poll under way began. Loop thread.
    private long pollStart;

    TurnClock(TimeSource time) {
        this.time = time;
    }

    /// What a watchdog wants to know: when the work under way began, which also tells one stretch
    /// of work from the next, and how long it has taken; 0 while there is none.
    record Reading(long startNanos, long lengthNanos) {}

    void started() {
        turnStart.setRelease(time.nanos());
    }

    void turn() {
        add(turns, 1);
    }

    void callbacks(long count) {
        add(callbacks, count);
    }

    void handled(long count) {
        add(handled, count);
    }

    /// Notes that the work of a turn is done and the poll begins. Returns the time.
    long pollBegins() {
        pollStart = time.nanos();
        stopped(pollStart);
        return pollStart;
    }

    void pollEnds() {
        long now = time.nanos();
        add(pollingNanos, now - pollStart);
        turnStart.setRelease(now);
    }

    /// Returns when the stretch of work under way began; the present time if none is. Loop thread.
    long workStart() {
        long start = turnStart.getPlain();
        return start == IDLE ? time.nanos() : start;
    }

    void stopped() {
        stopped(time.nanos());
    }

    private void stopped(long now) {
        long start = turnStart.getPlain();
        if (start != IDLE && now - start > longestTurnNanos.getPlain()) {
            longestTurnNanos.setRelease(now - start);
        }
        turnStart.setRelease(IDLE);
    }

    /// Returns what the work under way has taken so far. Any thread.
    Reading read() {
        long start = turnStart.getAcquire();
        long now = time.nanos();
        // The stretch may have ended between the two reads, and long ago if this thread had to wait
        // for a processor.
        boolean isRunning = start != IDLE && turnStart.getAcquire() == start;
        return new Reading(start, isRunning ? now - start : 0);
    }

    /// Counts a turn that has outlasted the watchdog's limit. Watchdog thread only.
    void countBlocked() {
        add(blockedTurns, 1);
    }

    /// Returns the figures, with two that others count. Any thread.
    LoopMetrics metrics(int timers, int handlers) {
        return new LoopMetrics(
                turns.getAcquire(),
                callbacks.getAcquire(),
                handled.getAcquire(),
                timers,
                handlers,
                Duration.ofNanos(longestTurnNanos.getAcquire()),
                Duration.ofNanos(pollingNanos.getAcquire()),
                blockedTurns.getAcquire());
    }

    /// Adds to a figure. It has one writer, so no atomic addition is needed.
    private static void add(AtomicLong figure, long amount) {
        figure.setRelease(figure.getPlain() + amount);
    }
}

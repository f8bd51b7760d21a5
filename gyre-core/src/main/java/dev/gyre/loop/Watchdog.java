package dev.gyre.loop;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Notices when a turn of a loop outlasts a limit, and logs what it is doing.
///
/// The watchdog has a thread of its own, since a blocked loop cannot report itself. The length of a
/// turn is measured on the loop's clock; how often to look goes by real time.
final class Watchdog {

    private static final String PROPERTY = "dev.gyre.watch";

    /// How often within the limit the watchdog looks: a turn is noticed at 1.25 times the limit at
    /// the latest.
    private static final int LOOKS_PER_LIMIT = 4;

    /// The least time between two looks. A shorter one would keep a processor busy, and the
    /// operating system's timers are not much finer.
    private static final long PERIOD_NANOS_MIN = 1_000_000;

    /// A loop that blocks again and again is reported once in this time; all blocked turns count.
    private static final long REPORT_INTERVAL_NANOS = 1_000_000_000;

    /// The limit in debug mode, of who does not ask for another: as long as people take for a
    /// moment, and rarely reached by a turn that only waits for a processor.
    private static final long DEBUG_LIMIT_MILLIS = 250;

    private final LoopThread loop;
    private final TurnClock turns;
    private final long limitNanos;
    private final Thread thread;
    private final Throttle throttle = new Throttle(1, REPORT_INTERVAL_NANOS);

    /// Whether the watch has ended. Set once, by [#stop] on the loop's thread; read by the
    /// watchdog's.
    private volatile boolean stopped;

    /// When the blocked turn that was counted last began. Watchdog thread.
    private long countedStartNanos = Long.MIN_VALUE;

    /// How long the counted turn must last for its next report. Doubles with each. Watchdog thread.
    private long reportAtNanos;

    Watchdog(LoopThread loop, TurnClock turns, Duration limit) {
        this.loop = loop;
        this.turns = turns;
        this.limitNanos = Deadline.saturatedNanos(limit);
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("gyre-watchdog-" + loop.name())
                        .unstarted(this::run);
    }

    /// Returns the limit for loops whose program sets none; zero if they are not watched. It is
    /// what the system property `dev.gyre.watch` says, in milliseconds; without that, there is one
    /// in debug mode only.
    ///
    /// @throws IllegalArgumentException if the property has no limit
    static Duration standardLimit() {
        String given = System.getProperty(PROPERTY, "");
        if (given.isEmpty()) {
            return Duration.ofMillis(Site.areRecorded() ? DEBUG_LIMIT_MILLIS : 0);
        }
        if (!given.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "-D%s=%s is not a number of milliseconds".formatted(PROPERTY, given));
        }
        return Duration.ofMillis(Integer.parseInt(given));
    }

    void start() {
        thread.start();
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!stopped) {
            LockSupport.parkNanos(periodNanos(limitNanos));
            if (!stopped) {
                lookIfItCan();
            }
        }
    }

    static long periodNanos(long limitNanos) {
        return Math.max(PERIOD_NANOS_MIN, limitNanos / LOOKS_PER_LIMIT);
    }

    /// Looks at the loop once. A report takes memory, and the log may fail in ways of its own:
    /// whatever is thrown must not end the watch, and there is nobody to whom this thread could
    /// tell it.
    private void lookIfItCan() {
        try {
            look();
        } catch (Throwable e) {
            throttle.missed();
        }
    }

    private void look() {
        TurnClock.Reading turn = turns.read();
        if (turn.lengthNanos() < limitNanos) {
            return;
        }
        if (turn.startNanos() != countedStartNanos) {
            countedStartNanos = turn.startNanos();
            turns.countBlocked();
            reportAtNanos = limitNanos;
        }
        if (turn.lengthNanos() >= reportAtNanos && throttle.admit(loop.nanos())) {
            reportAtNanos = 2 * turn.lengthNanos();
            report(turn.lengthNanos());
        }
    }

    /// Returns what a loop is at, a line for each frame: the stack of the mounted coroutine, since
    /// the stack of the carrier shows only that it carries one. Any thread.
    static String stackOf(LoopThread loop) {
        Thread owner = loop.owner();
        return owner == null
                ? ""
                : Stream.of(owner.getStackTrace())
                        .map(frame -> "\n    at " + frame)
                        .collect(Collectors.joining());
    }

    private void report(long lengthNanos) {
        Logs.GENERAL.log(
                Level.WARNING,
                "%s: one turn has been running for %d ms (limit %d ms)%s; it is at:%s"
                        .formatted(
                                loop.name(),
                                Duration.ofNanos(lengthNanos).toMillis(),
                                Duration.ofNanos(limitNanos).toMillis(),
                                throttle.takeSuppressed(),
                                stackOf(loop)));
    }
}

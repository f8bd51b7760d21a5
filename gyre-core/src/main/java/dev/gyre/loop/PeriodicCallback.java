package dev.gyre.loop;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Calls a callback again and again, at a fixed rate.
///
/// The first call comes one period after [#start]. The schedule is anchored: each call is planned
/// one period after the one before was planned, so neither a slow callback nor a late wake-up makes
/// it drift. Slots that passed while the callback ran are skipped, never made up for, and a call
/// that lasts exactly one period skips one. Each call is a task of its own, so it may `await`;
/// calls never overlap. A call that is cancelled is over, and the next comes in its slot.
///
/// The loop is the one that is current when [#start] is called; from then on an instance belongs to
/// its thread. What the callback throws goes to the loop's [UncaughtHandler], and the calls go on.
///
/// ```java
/// PeriodicCallback sweep = new PeriodicCallback(this::dropIdle, Duration.ofSeconds(10));
/// loop.addCallback(sweep::start);
/// ```
public final class PeriodicCallback {

    private final Callback callback;
    private final long periodNanos;
    private final double jitter;

    /// The chain of calls since the last start; null exactly while stopped. A chain whose loop was
    /// closed is as good as null.
    private @Nullable Chain chain;

    /// Makes a periodic callback without jitter, stopped.
    ///
    /// @param period from call to call, at least one nanosecond
    public PeriodicCallback(Callback callback, Duration period) {
        this(callback, period, 0);
    }

    /// Makes a periodic callback whose periods vary at random, so that many of them do not fall
    /// into step. The mean rate stays the same.
    ///
    /// @param jitter the width of the variation as a fraction of the period, from 0 to 1: with 0.5,
    ///   periods of ten seconds last from 7.5 to 12.5
    /// @throws IllegalArgumentException if the period is not positive or the jitter out of range
    public PeriodicCallback(Callback callback, Duration period, double jitter) {
        Objects.requireNonNull(period, "period");
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("the period must be positive: " + period);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("the jitter must be from 0 to 1: " + jitter);
        }
        this.callback = Objects.requireNonNull(callback, "callback");
        this.periodNanos = Deadline.saturatedNanos(period);
        this.jitter = jitter;
    }

    /// Begins to call, on the current loop. Does nothing if it is running already.
    public void start() {
        if (!isRunning()) {
            chain = new Chain(IOLoop.current());
        }
    }

    /// Ends the calls; legal within the callback. A later [#start] begins a new schedule.
    public void stop() {
        if (chain != null) {
            chain.timer.cancel();
            chain = null;
        }
    }

    /// Returns whether calls are scheduled: true from [#start] to [#stop] or the closing of the
    /// loop.
    public boolean isRunning() {
        return chain != null && !chain.loop.isOver();
    }

    @Override
    public String toString() {
        return "periodic " + callback;
    }

    /// The calls of one start. A restart within the callback makes a new one, and this one, no
    /// longer current, schedules nothing more.
    private final class Chain {

        private final IOLoop loop;

        /// When the next call, or the one being made, was planned for.
        private long planned;

        private LoopTimer timer;

        /// The context variables at the start, for each call.
        private final Context context;

        Chain(IOLoop loop) {
            this.loop = loop;
            this.context = loop.thread().context();
            this.planned = loop.time() + nextPeriod();
            this.timer = schedule();
        }

        private LoopTimer schedule() {
            LoopTimer next = loop.callAt(new Deadline(planned), (BareCallback) this::call);
            next.context = context;
            return next;
        }

        private void call() {
            // A closing loop begins no tasks, and this is the bare thread that closes it.
            if (!loop.isClosed()) {
                Task<?> task = loop.spawn("periodic callback", this::callUser);
                // The next call is planned by a waiter and not in the task, which may be cancelled
                // before it begins. And the waiter is no bare step: the source of random numbers
                // may be the user's.
                task.addWaiter(new CallbackStep(Context.EMPTY, this::ended, "schedule of"));
            }
        }

        private @Nullable Void callUser() {
            try {
                callback.run();
            } catch (Throwable e) {
                loop.reports().uncaught(Logs.text(PeriodicCallback.this), e);
            }
            return null;
        }

        private void ended() {
            if (chain == this) {
                planned = nextPlanned(loop.time());
                timer = schedule();
            }
        }

        private long nextPlanned(long now) {
            long period = nextPeriod();
            long late = now - planned;
            // `late` is negative only when the clock went backwards: the next slot is then a period
            // away.
            long skipped = late < 0 ? 0 : late / period;
            return planned + (skipped + 1) * period;
        }

        private long nextPeriod() {
            if (jitter == 0) {
                return periodNanos;
            }
            double factor = 1 + jitter * (drawn(loop.random()) - 0.5);
            return Math.max(1, Math.round(periodNanos * factor));
        }

        /// Draws a number from 0 to 1. If the user's generator fails, the calls go on, at the mean.
        private double drawn(RandomGenerator random) {
            try {
                return random.nextDouble();
            } catch (Throwable e) {
                String what = "the random numbers for " + Logs.text(PeriodicCallback.this);
                loop.reports().uncaught(what, e);
                return 0.5;
            }
        }
    }
}

package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Notices how long its loop does nothing: wakes up again and again, and remembers the longest time
/// between two such ticks.
final class Ticker {

    private final IOLoop loop;
    private final Duration period;

    /// When the last tick was, on the loop's clock.
    private long lastNanos;

    /// The longest time between two ticks since the last [#forget].
    private long longestNanos;

    Ticker(IOLoop loop, Duration period) {
        this.loop = loop;
        this.period = period;
        this.lastNanos = loop.time();
    }

    /// The body of a task, which ends when the task is cancelled.
    @Nullable Void run() {
        while (true) {
            Task.sleep(period);
            longestNanos = longestGap().toNanos();
            lastNanos = loop.time();
        }
    }

    /// Begins to look for the longest gap anew.
    void forget() {
        longestNanos = 0;
    }

    /// Returns the longest gap since the last [#forget]. The one under way counts: when the loop
    /// was held up, the ticker is the last to know.
    Duration longestGap() {
        return Duration.ofNanos(Math.max(longestNanos, loop.time() - lastNanos));
    }
}

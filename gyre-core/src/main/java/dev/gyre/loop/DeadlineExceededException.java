package dev.gyre.loop;

import java.io.Serial;
import java.time.Duration;

/// A deadline passed before the operation, or the block of code, had finished.
///
/// The message tells how long the block of the deadline had, what was awaited in it, and for how
/// long; and which deadline it was where there were several, one around the other.
public final class DeadlineExceededException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final Duration limit;

    DeadlineExceededException(Duration limit, String details) {
        super(
                (limit.isNegative()
                                ? "the deadline had passed before the operation began"
                                : "not done within " + Durations.text(limit))
                        + details);
        this.limit = limit;
    }

    /// Returns how long the block of the deadline had: what was given to [Task#withDeadline] or to
    /// [LoopFuture#await(Duration)].
    public Duration limit() {
        return limit;
    }
}

package dev.gyre.loop;

import java.io.Serial;
import java.time.Duration;

/// A deadline passed before the operation, or the block of code, had finished.
public final class DeadlineExceededException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    DeadlineExceededException(Duration limit) {
        super(
                limit.isNegative()
                        ? "the deadline had passed before the operation began"
                        : "not done within " + Durations.text(limit));
    }
}

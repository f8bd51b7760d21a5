package dev.gyre.loop;

import java.io.Serial;
import java.time.Duration;

/// A deadline passed before the operation, or the block of code, had finished.
public final class DeadlineExceededException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    DeadlineExceededException(Duration limit) {
        super("not done within " + limit);
    }
}

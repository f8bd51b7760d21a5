package dev.gyre.stream;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// What has come can never be what the read asks for: it is longer than the read's limit, or not
/// text.
///
/// The bytes stay in the stream, which is not closed, so that a handler may still answer.
public final class UnsatisfiableReadException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    UnsatisfiableReadException(String message) {
        super(message);
    }

    UnsatisfiableReadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

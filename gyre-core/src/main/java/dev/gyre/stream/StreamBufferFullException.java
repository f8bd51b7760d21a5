package dev.gyre.stream;

import java.io.Serial;

/// More is waiting to be sent than the stream may hold: the peer does not read, or not fast enough.
///
/// Nothing of the write was queued, the stream is open, and what was queued before is unaffected.
public final class StreamBufferFullException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    StreamBufferFullException(String message) {
        super(message);
    }
}

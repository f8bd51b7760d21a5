package dev.gyre.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;

/// The stream has ended, or is closed, and the operation did not come to its end.
///
/// Its cause says why: an [EOFException] if the peer ended its output in order, a
/// [java.nio.channels.ClosedChannelException] if the stream was closed on this side, else the
/// exception of the transport, such as "Connection reset".
public final class StreamClosedException extends UncheckedIOException {

    @Serial private static final long serialVersionUID = 1;

    private final transient IOStream stream;

    StreamClosedException(IOStream stream, String message, IOException cause) {
        super(message, cause);
        this.stream = stream;
    }

    /// Returns the stream that ended. A handler of several streams tells by it whose end it was.
    public IOStream stream() {
        return stream;
    }

    /// Returns whether the peer ended the connection in order, which is no fault of anybody.
    public boolean isOrderly() {
        return getCause() instanceof EOFException;
    }
}

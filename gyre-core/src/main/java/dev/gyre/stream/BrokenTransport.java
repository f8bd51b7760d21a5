package dev.gyre.stream;

import dev.gyre.loop.Callback;
import java.io.IOException;

/// What a stream's transport has thrown that it must not throw. It may be the user's: so this ends
/// the stream, as a failure of the connection does, and is reported to the loop as any failure of
/// user code is; later, since the stream may be at work on the bare loop thread.
final class BrokenTransport implements Callback {

    private final IOStream stream;
    private final Throwable failure;

    private BrokenTransport(IOStream stream, Throwable failure) {
        this.stream = stream;
        this.failure = failure;
    }

    /// Returns the reason for the stream to close.
    static IOException reason(IOStream stream, Throwable failure) {
        if (failure instanceof IOException known) {
            return known;
        }
        stream.loop().addCallback(new BrokenTransport(stream, failure));
        // Not its text, which may be user code too.
        return new IOException("it met " + failure.getClass().getName(), failure);
    }

    /// Closes a transport, come what may.
    static void close(IOStream stream, Transport transport) {
        try {
            transport.close();
        } catch (Throwable e) {
            reason(stream, e);
        }
    }

    @Override
    public void run() throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        throw failure instanceof Exception exception ? exception : new IOException(failure);
    }

    @Override
    public String toString() {
        return "transport of " + stream;
    }
}

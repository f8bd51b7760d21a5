package dev.gyre.stream;

import dev.gyre.loop.BareCallback;
import java.io.IOException;

/// When a stream sends what is in its [Output].
///
/// ```text
/// at once                     more is queued than one system call takes, or what comes first in a
///                             turn is sent from where it is: waiting would gather nothing with it
/// at the end of the turn      anything else, gathered; and what one turn leaves of a long queue
/// when there is room again    what the transport has refused: the stream watches for that
/// ```
final class Sending {

    private final IOStream stream;
    private final Output output;

    /// Whether a hook before the next poll sends.
    private boolean isDue;

    Sending(IOStream stream, Output output) {
        this.stream = stream;
        this.output = output;
    }

    /// Hears that something was queued, and sends it in time.
    void queued() {
        if (output.isWorthSending()) {
            now();
        } else if (!isDue && output.isSentAlone()) {
            // Only the first block of a turn: a writer that awaits each of its blocks must not own
            // the loop.
            schedule();
            now();
        } else if (!output.isEmpty()) {
            schedule();
        }
    }

    /// Sends what is queued, as far as there is room.
    void now() {
        try {
            if (!output.send(stream.transport(), stream.staging())) {
                schedule();
            }
        } catch (Piece.FileException e) {
            stream.close(e);
        } catch (IOException e) {
            stream.outputFailed(e);
        } catch (Throwable e) {
            stream.close(BrokenTransport.reason(stream, e));
        }
        stream.hasSent();
    }

    private void schedule() {
        if (!isDue && !output.isBlocked()) {
            isDue = true;
            boolean isBare = stream.transport().isBare();
            stream.loop().beforePoll(isBare ? (BareCallback) this::dueBare : this::due);
        }
    }

    /// Runs on the bare loop thread, where TLS may not run; it may have begun since this was
    /// queued.
    private void dueBare() {
        if (stream.transport().isBare()) {
            due();
        } else {
            stream.loop().beforePoll(this::due);
        }
    }

    private void due() {
        isDue = false;
        if (stream.isWritable() && !output.isEmpty()) {
            now();
        }
    }
}

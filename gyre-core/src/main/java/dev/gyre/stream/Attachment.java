package dev.gyre.stream;

import dev.gyre.loop.BareCallback;
import dev.gyre.loop.IOLoop;
import java.io.IOException;

/// A stream's side of its transport: it is told what the transport is ready for, says what that is
/// to watch for, and when what is in the [Output] is sent.
///
/// ```text
/// at once                     more is queued than one system call takes, or what comes first in a
///                             turn is sent from where it is: waiting would gather nothing with it
/// at the end of the turn      anything else, gathered; and what one turn leaves of a long queue
/// when there is room again    what the transport has refused: the stream watches for that
/// ```
final class Attachment implements Transport.Target {

    private final IOStream stream;

    /// What the transport was told to watch for.
    private int watched = IOLoop.NONE;

    /// Whether a hook before the next poll will send what is queued.
    private boolean isDue;

    Attachment(IOStream stream) {
        this.stream = stream;
    }

    /// Called when the stream has got another transport, which was told nothing yet.
    void isReplaced() {
        watched = IOLoop.NONE;
    }

    /// Has the transport watch for these events and no others.
    void watch(int events) {
        if (stream.isOpen() && events != watched) {
            watched = events;
            try {
                stream.transport().watch(events);
            } catch (Throwable e) {
                stream.close(BrokenTransport.reason(stream, e));
            }
        }
    }

    /// Has the transport watch for these events, and for input still if it did: [IOStream#receive]
    /// stops that, when some comes that nobody wants.
    void watchAlso(int events) {
        watch(events | (watched & IOLoop.READ));
    }

    @Override
    public void ready(int events) {
        if (stream.isOpen() && (events & IOLoop.READ) != 0) {
            stream.receive();
        }
        if (stream.isWritable() && (events & IOLoop.WRITE) != 0) {
            send();
        }
        stream.updateWatch();
    }

    @Override
    public boolean isBare() {
        return stream.transport().isBare();
    }

    /// Called when something was queued. Sends it now, or has it sent at the end of the turn, as
    /// the table above tells.
    void queued() {
        Output output = stream.output();
        if (output.isWorthSending()) {
            send();
        } else if (!isDue && output.isSentAlone()) {
            // Once a turn: a writer that awaits each of its blocks must not own the loop.
            schedule();
            send();
        } else if (!output.isEmpty()) {
            schedule();
        }
    }

    /// Sends what is queued, as far as there is room.
    void send() {
        try {
            if (!stream.output().send(stream.transport(), stream.staging())) {
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
        if (!isDue && !stream.output().isBlocked()) {
            isDue = true;
            boolean isBare = stream.transport().isBare();
            stream.loop().beforePoll(isBare ? (BareCallback) this::dueBare : this::due);
        }
    }

    /// Runs on the bare loop thread, where TLS may not run; the stream may have gone over to TLS
    /// since this hook was queued.
    private void dueBare() {
        if (stream.transport().isBare()) {
            due();
        } else {
            stream.loop().beforePoll(this::due);
        }
    }

    private void due() {
        isDue = false;
        if (stream.isWritable() && !stream.output().isEmpty()) {
            send();
        }
    }
}

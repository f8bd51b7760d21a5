package dev.gyre.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// What one client is still to be sent: a queue of messages, and the rest of the message that is
/// being sent. A socket may take any part of a message; the rest is kept here and none is lost.
final class Outgoing {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Queue<byte[]> messages = new ArrayDeque<>();

    /// What the socket has not taken yet of the message that [#begin] returned last.
    private ByteBuffer rest = NOTHING;

    /// Queues a message. The caller must not change it any more.
    void add(byte[] message) {
        messages.add(message);
    }

    /// Returns whether a message was begun and not all of it has been sent.
    boolean isUnderWay() {
        return rest.hasRemaining();
    }

    /// Takes the next message from the queue, to be sent by [#send].
    ///
    /// @return the message, or null if the queue is empty
    /// @throws IllegalStateException if the message before has not been sent to its end
    byte @Nullable [] begin() {
        if (isUnderWay()) {
            throw new IllegalStateException(rest.remaining() + " bytes are still to be sent");
        }
        byte[] message = messages.poll();
        rest = message == null ? NOTHING : ByteBuffer.wrap(message);
        return message;
    }

    /// Sends as much of the message under way as the channel takes now, possibly nothing.
    void send(WritableByteChannel channel) throws IOException {
        channel.write(rest);
    }
}

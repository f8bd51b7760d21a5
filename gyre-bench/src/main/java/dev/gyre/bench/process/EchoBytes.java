package dev.gyre.bench.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What one client sends to an echo server, and what must come back: some messages that all differ,
/// over and over. Each client has its own.
final class EchoBytes {

    private final ClientWire wire;
    private final int size;

    /// The messages, twice over, so that any stretch of them lies in one piece.
    private final ByteBuffer pattern;

    private final int period;

    /// Where in the pattern the next byte to be written is.
    private int writeAt;

    /// Where in the pattern the next byte to be read is, and how many are on their way.
    private int readAt;

    private long toRead;

    /// How many bytes of a message have come of which the rest is missing.
    private int partSize;

    /// @param number tells the client from all others
    /// @param size the size of a message in bytes, its newline included
    /// @param count how many of them differ
    EchoBytes(ClientWire wire, int number, int size, int count) {
        this.wire = wire;
        this.size = size;
        this.period = size * count;
        this.pattern = pattern(number, count);
    }

    private ByteBuffer pattern(int number, int messages) {
        ByteBuffer twice = ByteBuffer.allocateDirect(2 * period);
        for (int i = 0; i < 2 * messages; i++) {
            String head = "client %d, message %d ".formatted(number, i % messages);
            byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
            twice.put(bytes, 0, Math.min(bytes.length, size - 1));
            while ((twice.position() + 1) % size != 0) {
                twice.put((byte) ('a' + twice.position() % size % 26));
            }
            twice.put((byte) '\n');
        }
        return twice.clear();
    }

    /// Returns how many bytes it takes to send each message once, which is also what a single
    /// [#write] sends at most.
    int period() {
        return period;
    }

    /// Writes what fits of the next bytes, and returns how many.
    int write(int bytesMax) throws IOException {
        pattern.limit(writeAt + Math.min(bytesMax, period)).position(writeAt);
        int count = wire.write(pattern);
        writeAt = (writeAt + count) % period;
        toRead += count;
        return count;
    }

    /// Reads what is there, compares it with what was sent, and returns how many messages are
    /// complete by that.
    ///
    /// @param buffer for what comes; it is cleared
    /// @throws IOException if the server has closed, or sent something else
    int read(ByteBuffer buffer) throws IOException {
        int count = wire.read(buffer.clear());
        if (count < 0) {
            throw new IOException("the server closed a connection");
        }
        check(buffer.flip());
        int completed = (partSize + count) / size;
        partSize = (partSize + count) % size;
        return completed;
    }

    private void check(ByteBuffer echo) throws IOException {
        int count = echo.remaining();
        toRead -= count;
        if (toRead < 0) {
            throw new IOException("the server sent more than it was sent");
        }
        for (int left = count; left > 0; ) {
            int stretch = Math.min(left, 2 * period - readAt);
            compare(echo.limit(echo.position() + stretch), stretch);
            left -= stretch;
        }
    }

    private void compare(ByteBuffer echo, int stretch) throws IOException {
        pattern.limit(readAt + stretch).position(readAt);
        if (echo.mismatch(pattern) >= 0) {
            throw new IOException("the server sent other bytes than it was sent");
        }
        echo.position(echo.limit());
        readAt = (readAt + stretch) % period;
    }
}

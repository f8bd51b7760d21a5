package dev.gyre.bench.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;

/// One client of an echo server. It keeps a number of messages in flight: for each one that has
/// come back it sends the next. All messages in flight differ, and each client has its own.
final class EchoClient {

    private final Wire wire;
    private final SelectionKey key;
    private final int size;
    private final int depth;

    /// The messages in flight, twice over, so that any stretch of them lies in one piece.
    private final ByteBuffer pattern;

    private final int period;

    /// When the messages in flight were sent, oldest first, in a ring: those of one write together.
    private final long[] sendTimes;

    private final int[] sendCounts;
    private int firstSend;
    private int nextSend;

    /// Where in the pattern the next byte to be written is, and how many wait for it.
    private int writeAt;

    private int toWrite;

    /// Where in the pattern the next byte to be read is, and how many are on their way.
    private int readAt;

    private int toRead;

    /// How many bytes of a message have come of which the rest is missing.
    private int partSize;

    EchoClient(Wire wire, SelectionKey key, int number, Message message) {
        this.wire = wire;
        this.key = key;
        this.size = message.size();
        this.depth = message.depth();
        this.period = size * depth;
        this.pattern = pattern(number);
        this.sendTimes = new long[depth + 1];
        this.sendCounts = new int[depth + 1];
    }

    /// What all clients send.
    ///
    /// @param size the size of a message in bytes, its newline included
    /// @param depth how many messages each client keeps in flight
    record Message(int size, int depth) {}

    private ByteBuffer pattern(int number) {
        ByteBuffer twice = ByteBuffer.allocateDirect(2 * period);
        for (int i = 0; i < 2 * depth; i++) {
            String head = "client %d, message %d ".formatted(number, i % depth);
            byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
            twice.put(bytes, 0, Math.min(bytes.length, size - 1));
            while ((twice.position() + 1) % size != 0) {
                twice.put((byte) ('a' + twice.position() % size % 26));
            }
            twice.put((byte) '\n');
        }
        return twice.clear();
    }

    /// Fills the connection with messages for the first time.
    void begin() throws IOException {
        send(depth, System.nanoTime());
    }

    /// Does what the readiness of the connection allows.
    ///
    /// @param buffer for what comes; it is cleared
    /// @param loop counts what came back
    void ready(ByteBuffer buffer, LoadLoop loop) throws IOException {
        if (toWrite > 0 && key.isWritable()) {
            write();
        }
        if (!key.isReadable()) {
            return;
        }
        int count = wire.read(buffer.clear());
        if (count < 0) {
            throw new IOException("the server closed a connection");
        }
        check(buffer.flip());
        int completed = (partSize + count) / size;
        partSize = (partSize + count) % size;
        if (completed > 0) {
            long now = System.nanoTime();
            count(completed, now, loop);
            send(completed, now);
        }
    }

    private void check(ByteBuffer echo) throws IOException {
        int count = echo.remaining();
        toRead -= count;
        if (toRead < 0) {
            throw new IOException("the server sent more than it was sent");
        }
        pattern.limit(readAt + count).position(readAt);
        int wrong = echo.mismatch(pattern);
        if (wrong >= 0) {
            throw new IOException("the server sent other bytes than it was sent");
        }
        readAt = (readAt + count) % period;
    }

    private void count(int completed, long now, LoadLoop loop) {
        int rest = completed;
        while (rest > 0) {
            int together = Math.min(rest, sendCounts[firstSend]);
            loop.answered(together, now - sendTimes[firstSend]);
            rest -= together;
            sendCounts[firstSend] -= together;
            if (sendCounts[firstSend] == 0) {
                firstSend = (firstSend + 1) % sendTimes.length;
            }
        }
    }

    private void send(int count, long now) throws IOException {
        sendTimes[nextSend] = now;
        sendCounts[nextSend] = count;
        nextSend = (nextSend + 1) % sendTimes.length;
        toWrite += count * size;
        write();
    }

    private void write() throws IOException {
        pattern.limit(writeAt + toWrite).position(writeAt);
        int count = wire.write(pattern);
        writeAt = (writeAt + count) % period;
        toWrite -= count;
        toRead += count;
        int wanted =
                toWrite > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }
}

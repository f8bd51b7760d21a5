package dev.gyre.bench.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/// One client of an echo server, which takes the time of each message that it is told to send.
final class EchoClient implements LoadLoop.Client {

    private final EchoBytes bytes;
    private final SelectionKey key;
    private final int size;
    private final Listener listener;

    /// When the messages in flight were sent, oldest first, in a ring: those of one write together.
    private final long[] sendTimes;

    private final int[] sendCounts;
    private int firstSend;
    private int nextSend;

    /// How many bytes wait for being written.
    private int toWrite;

    /// @param inFlightMax how many messages may be on their way at once
    EchoClient(EchoBytes bytes, SelectionKey key, int size, int inFlightMax, Listener listener) {
        this.bytes = bytes;
        this.key = key;
        this.size = size;
        this.listener = listener;
        this.sendTimes = new long[inFlightMax + 1];
        this.sendCounts = new int[inFlightMax + 1];
    }

    /// What all clients send.
    ///
    /// @param size the size of a message in bytes, its newline included
    /// @param depth how many messages each client keeps in flight
    record Message(int size, int depth) {}

    /// Hears of echoes.
    @FunctionalInterface
    interface Listener {

        /// Hears that some messages of a client have come back.
        void answered(EchoClient client, int count, long now) throws IOException;
    }

    @Override
    public void ready(ByteBuffer buffer, LoadLoop loop) throws IOException {
        if (toWrite > 0 && key.isWritable()) {
            write();
        }
        if (!key.isReadable()) {
            return;
        }
        int completed = bytes.read(buffer);
        if (completed > 0) {
            long now = System.nanoTime();
            count(completed, now, loop);
            listener.answered(this, completed, now);
        }
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

    /// Sends the next messages.
    ///
    /// @param time from when on their latency counts
    /// @throws IOException if too many are on their way by that
    void send(int count, long time) throws IOException {
        sendTimes[nextSend] = time;
        sendCounts[nextSend] = count;
        nextSend = (nextSend + 1) % sendTimes.length;
        if (nextSend == firstSend) {
            throw new IOException(
                    "the server is %d messages behind on one connection"
                            .formatted(sendTimes.length - 1));
        }
        toWrite += count * size;
        write();
    }

    private void write() throws IOException {
        toWrite -= bytes.write(toWrite);
        int wanted =
                toWrite > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }
}

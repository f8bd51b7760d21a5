package dev.gyre.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// A client that reads only when it cannot send: as near as one can come to sending everything
/// first, when neither the server nor the kernel has room for everything.
final class EagerSender {

    /// The length of the pattern, a prime, so that bytes lost or doubled in blocks of a usual size
    /// are noticed.
    private static final int PATTERN_SIZE = 65_521;

    private static final int RECEIVE_BUFFER_BYTES = 32_768;

    /// A safety net for a hanging test; no test depends on it.
    private static final int TIMEOUT_MILLIS = 60_000;

    private final byte[] pattern = new byte[PATTERN_SIZE];
    private final ByteBuffer input = ByteBuffer.allocateDirect(RECEIVE_BUFFER_BYTES);
    private final long total;

    /// How much has been sent, and how much has come back and was what had been sent.
    private long sent;

    private long echoed;

    EagerSender(long total) {
        this.total = total;
        for (int i = 0; i < PATTERN_SIZE; i++) {
            pattern[i] = (byte) (i * 31 + (i >> 8));
        }
    }

    /// Sends `total` bytes and returns how many of them came back, in order, until the server
    /// closed.
    long run(InetSocketAddress address) throws IOException {
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open()) {
            // Little room on our side makes the server wait often.
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            channel.connect(address);
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            boolean open = true;
            while (open) {
                key.interestOps(SelectionKey.OP_READ | (sent < total ? SelectionKey.OP_WRITE : 0));
                if (selector.select(_ -> {}, TIMEOUT_MILLIS) == 0) {
                    throw new AssertionError("stuck: sent " + sent + ", echoed " + echoed);
                }
                if (!send(channel)) {
                    open = receive(channel);
                }
            }
        }
        return echoed;
    }

    /// Sends what the socket takes, and returns whether it took something.
    private boolean send(SocketChannel channel) throws IOException {
        long before = sent;
        int count = -1;
        while (sent < total && count != 0) {
            int start = (int) (sent % PATTERN_SIZE);
            int size = (int) Math.min(total - sent, PATTERN_SIZE - start);
            count = channel.write(ByteBuffer.wrap(pattern, start, size));
            sent += count;
            if (sent == total) {
                channel.shutdownOutput();
            }
        }
        return sent > before;
    }

    /// Checks what has come, and returns false at the end.
    private boolean receive(SocketChannel channel) throws IOException {
        int count = channel.read(input.clear());
        input.flip();
        while (input.hasRemaining()) {
            if (input.get() != pattern[(int) (echoed % PATTERN_SIZE)]) {
                throw new AssertionError("a wrong byte at " + echoed);
            }
            echoed++;
        }
        return count >= 0;
    }
}

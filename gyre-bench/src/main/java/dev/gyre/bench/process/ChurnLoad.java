package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/// Clients that connect, send one line, wait for its echo, leave and come again. A message is such
/// a visit; its latency runs from the call that connects to the echo.
final class ChurnLoad implements Load {

    /// Linux has a whole network of loopback addresses. A client's port cannot be used again with
    /// the same address for a while, so that one address would not do for a run.
    private static final boolean HAS_MANY_ADDRESSES =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux");

    private static final int ADDRESSES = 200;

    private final LoadLoop loop = new LoadLoop(this::ready);
    private final InetSocketAddress server;
    private final int clients;
    private final ByteBuffer line;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

    /// Counts the connections ever made.
    private int visits;

    ChurnLoad(InetSocketAddress server, int clients, int lineSize) throws IOException {
        this.server = server;
        this.clients = clients;
        byte[] bytes = "x".repeat(lineSize - 1).concat("\n").getBytes(StandardCharsets.US_ASCII);
        this.line = ByteBuffer.allocateDirect(lineSize).put(bytes);
    }

    /// A client between its connecting and its leaving.
    private static final class Visit {

        private final long startTime = System.nanoTime();
        private int received;
    }

    @Override
    public void begin() throws IOException {
        for (int i = 0; i < clients; i++) {
            connect();
        }
    }

    private void connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (HAS_MANY_ADDRESSES) {
            byte[] address = {127, 0, 1, (byte) (1 + visits % ADDRESSES)};
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
        }
        visits++;
        Visit visit = new Visit();
        if (channel.connect(server)) {
            channel.write(line.clear());
            loop.register(channel, SelectionKey.OP_READ, visit);
        } else {
            loop.register(channel, SelectionKey.OP_CONNECT, visit);
        }
    }

    @Override
    public Window run(Duration length) throws IOException {
        return loop.run(length);
    }

    private void ready(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (key.isConnectable()) {
            channel.finishConnect();
            channel.write(line.clear());
            key.interestOps(SelectionKey.OP_READ);
        } else {
            read(channel, (Visit) key.attachment());
        }
    }

    private void read(SocketChannel channel, Visit visit) throws IOException {
        int count = channel.read(buffer.clear());
        int end = visit.received + count;
        if (count < 0 || end > line.capacity()) {
            throw new IOException("the server sent %d bytes of a line".formatted(end));
        }
        line.limit(end).position(visit.received);
        if (buffer.flip().mismatch(line) >= 0) {
            throw new IOException("the server sent other bytes than it was sent");
        }
        visit.received = end;
        if (end == line.capacity()) {
            channel.close();
            loop.answered(1, System.nanoTime() - visit.startTime);
            connect();
        }
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}

package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// The clients of a chat, of which one sends lines. Once all have got a line, itself included, it
/// sends the next. A message is a line that one client got; its latency is that of the last of
/// them.
final class FanOutLoad implements Load {

    private final LoadLoop loop = new LoadLoop(this::ready);
    private final SocketChannel sender;
    private final ByteBuffer line;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final int members;

    /// How many bytes of the current line have not reached their member yet.
    private long bytesOpen;

    private long sendTime;

    /// Connects the readers, and then the sender: servers accept in this order, so that all are in
    /// the room when the first line comes.
    FanOutLoad(InetSocketAddress server, int readers, int lineSize) throws IOException {
        for (int i = 0; i < readers; i++) {
            enter(server);
        }
        this.sender = enter(server);
        this.members = readers + 1;
        byte[] bytes = "x".repeat(lineSize - 1).concat("\n").getBytes(StandardCharsets.US_ASCII);
        this.line = ByteBuffer.allocateDirect(lineSize).put(bytes);
    }

    private SocketChannel enter(InetSocketAddress server) throws IOException {
        SocketChannel channel = EchoLoad.Dial.clear(server).channel();
        loop.register(channel, SelectionKey.OP_READ, new Reader());
        return channel;
    }

    /// One client's place in the line that it is reading.
    private static final class Reader {

        private int position;
    }

    @Override
    public void begin() throws IOException {
        bytesOpen = (long) members * line.capacity();
        sendTime = System.nanoTime();
        if (sender.write(line.clear()) != line.capacity()) {
            throw new IOException("a line did not fit into the buffers of its connection");
        }
    }

    @Override
    public Window run(Duration length) throws IOException {
        return loop.run(length);
    }

    private void ready(SelectionKey key) throws IOException {
        read((SocketChannel) key.channel(), (Reader) key.attachment());
    }

    private void read(SocketChannel channel, Reader reader) throws IOException {
        int count = channel.read(buffer.clear());
        if (count < 0) {
            throw new IOException("the server closed a connection");
        }
        int end = reader.position + count;
        if (end > line.capacity()) {
            throw new IOException("a client got more than was sent");
        }
        line.limit(end).position(reader.position);
        if (buffer.flip().mismatch(line) >= 0) {
            throw new IOException("a client got other bytes than were sent");
        }
        reader.position = end % line.capacity();
        bytesOpen -= count;
        if (bytesOpen == 0) {
            loop.answered(members, System.nanoTime() - sendTime);
            begin();
        }
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}

package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Clients of an echo server of lines that have been served once and then say nothing.
final class IdleClients implements AutoCloseable {

    private static final byte[] LINE =
            "hello, and now silence\n".getBytes(StandardCharsets.US_ASCII);

    private final List<SocketChannel> channels = new ArrayList<>();

    /// Connects so many clients, and waits until each has got its echo.
    IdleClients(InetSocketAddress server, int count) throws IOException {
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open(server);
                channels.add(channel);
                visit(channel);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// Has each client send one more line, and waits for its echo.
    void visitAgain() throws IOException {
        for (SocketChannel channel : channels) {
            visit(channel);
        }
    }

    /// Sends a line through a channel that blocks, and reads its echo.
    static void visit(SocketChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap(LINE));
        ByteBuffer echo = ByteBuffer.allocate(LINE.length);
        while (echo.hasRemaining()) {
            if (channel.read(echo) < 0) {
                throw new IOException("the server closed a connection");
            }
        }
        if (!echo.flip().equals(ByteBuffer.wrap(LINE))) {
            throw new IOException("the server sent other bytes than it was sent");
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}

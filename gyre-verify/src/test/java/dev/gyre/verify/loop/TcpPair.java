package dev.gyre.verify.loop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// Two sockets on loopback that are connected with each other, in non-blocking mode.
record TcpPair(SocketChannel near, SocketChannel far) implements AutoCloseable {

    static TcpPair open() throws IOException {
        try (ServerSocketChannel listener = listen()) {
            SocketChannel near = SocketChannel.open(listener.getLocalAddress());
            SocketChannel far = listener.accept();
            near.configureBlocking(false);
            far.configureBlocking(false);
            return new TcpPair(near, far);
        }
    }

    /// Returns a listener on a free port of loopback, in blocking mode.
    static ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /// Sends a few bytes from the far end.
    void farSends(String text) throws IOException {
        far.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /// Ends the connection with a reset.
    void farResets() throws IOException {
        far.setOption(StandardSocketOptions.SO_LINGER, 0);
        far.close();
    }

    @Override
    public void close() throws IOException {
        near.close();
        far.close();
    }
}

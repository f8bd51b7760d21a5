package dev.gyre.verify.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// A server whose connection the test meddles with, and its client.
record MeddledPair(IOStream server, IOStream client, MeddledTransport meddled)
        implements AutoCloseable {

    static MeddledPair connect(IOLoop loop) throws IOException {
        return connect(loop, StreamOptions.defaults());
    }

    static MeddledPair connect(IOLoop loop, StreamOptions options) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel client = SocketChannel.open(listener.getLocalAddress());
            MeddledTransport meddled = new MeddledTransport(Transport.of(listener.accept()));
            return new MeddledPair(
                    new IOStream(loop, meddled, options),
                    new IOStream(loop, Transport.of(client), options),
                    meddled);
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}

package dev.gyre.verify.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Two streams over a connection of which each read gives one byte, and each write takes one.
record ByteWisePair(IOStream server, IOStream client) implements AutoCloseable {

    static ByteWisePair between(IOLoop loop) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel client = SocketChannel.open(listener.getLocalAddress());
            return new ByteWisePair(
                    new IOStream(loop, byteWise(listener.accept())),
                    new IOStream(loop, byteWise(client)));
        }
    }

    private static Transport byteWise(SocketChannel channel) throws IOException {
        return new MeddledTransport(Transport.of(channel)).byteWise();
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}

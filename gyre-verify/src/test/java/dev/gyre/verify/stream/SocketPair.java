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

/// Two streams that are connected by a TCP connection.
///
/// @param server the end that was accepted
/// @param client the end that has connected
record SocketPair(IOStream server, IOStream client) {

    static SocketPair connect(IOLoop loop) throws IOException {
        return connect(loop, StreamOptions.defaults());
    }

    static SocketPair connect(IOLoop loop, StreamOptions options) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel client = SocketChannel.open(listener.getLocalAddress());
            return new SocketPair(
                    new IOStream(loop, Transport.of(listener.accept()), options),
                    new IOStream(loop, Transport.of(client), options));
        }
    }
}

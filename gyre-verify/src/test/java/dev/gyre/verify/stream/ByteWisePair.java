package dev.gyre.verify.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Two streams over a connection of which each read gives one byte, and each write takes one.
record ByteWisePair(IOStream server, IOStream client) implements AutoCloseable {

    static ByteWisePair between(IOLoop loop) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel client = SocketChannel.open(listener.getLocalAddress());
            return new ByteWisePair(
                    new IOStream(loop, new ByteWise(Transport.of(listener.accept()))),
                    new IOStream(loop, new ByteWise(Transport.of(client))));
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }

    /// A transport that moves one byte at a time.
    private record ByteWise(Transport below) implements Transport {

        @Override
        public void attach(IOLoop loop, Target target) {
            below.attach(loop, target);
        }

        @Override
        public void watch(int events) {
            below.watch(events);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            ByteBuffer one = target.slice(target.position(), Math.min(1, target.remaining()));
            int count = below.read(one);
            target.position(target.position() + Math.max(0, count));
            return count;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            ByteBuffer one = source.slice(source.position(), Math.min(1, source.remaining()));
            int count = below.write(one);
            source.position(source.position() + count);
            return count;
        }

        @Override
        public boolean shutdownOutput() throws IOException {
            return below.shutdownOutput();
        }

        @Override
        public void close() {
            below.close();
        }

        @Override
        public boolean isBare() {
            return below.isBare();
        }

        @Override
        public SocketAddress localAddress() {
            return below.localAddress();
        }

        @Override
        public SocketAddress remoteAddress() {
            return below.remoteAddress();
        }

        @Override
        public <T> void setOption(SocketOption<T> option, T value) throws IOException {
            below.setOption(option, value);
        }
    }
}

package dev.gyre.verify.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;

/// A connection on which nothing happens. It knows whether it was closed.
public class IdleConnection implements Transport {

    private final SocketAddress remote;
    private boolean closed;

    public IdleConnection(SocketAddress remote) {
        this.remote = remote;
    }

    public final boolean isClosed() {
        return closed;
    }

    @Override
    public void attach(IOLoop loop, Target target) {
        // There is nothing to watch for, since nothing ever happens.
    }

    @Override
    public void watch(int events) {
        // Nothing will ever be ready.
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return 0;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return 0;
    }

    @Override
    public boolean shutdownOutput() {
        // The peer does not listen.
        return true;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public boolean isBare() {
        return true;
    }

    @Override
    public SocketAddress localAddress() {
        return new InetSocketAddress(0);
    }

    @Override
    public SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        throw new UnsupportedOperationException("there is no socket underneath");
    }
}

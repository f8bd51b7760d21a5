package dev.gyre.stream;

import dev.gyre.loop.BareHandler;
import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A connected TCP or UNIX-domain socket.
///
/// It is its own handler, unless its target may be suspended.
final class ChannelTransport implements Transport, BareHandler<SocketChannel> {

    private final SocketChannel channel;
    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;

    /// Null before [#attach].
    private @Nullable IOLoop loop;

    /// Null before [#attach].
    private @Nullable Target target;

    ChannelTransport(SocketChannel channel) throws IOException {
        this.channel = channel;
        try {
            channel.configureBlocking(false);
            if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
                // The stream gathers what is written in a turn; that the kernel waits for more, as
                // Nagle has it (RFC 896), helps nobody.
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            localAddress = channel.getLocalAddress();
            remoteAddress = channel.getRemoteAddress();
            if (remoteAddress == null) {
                throw new IllegalArgumentException("the channel is not connected: " + channel);
            }
        } catch (Throwable e) {
            closeChannel();
            throw e;
        }
    }

    @Override
    public void attach(IOLoop newLoop, Target newTarget) {
        if (loop != null) {
            loop.removeHandler(channel);
        }
        loop = newLoop;
        target = newTarget;
        newLoop.addHandler(channel, newTarget.isBare() ? this : this::handle, IOLoop.NONE);
    }

    @Override
    public void handle(SocketChannel ready, int events) {
        if (target != null) {
            target.ready(events);
        }
    }

    @Override
    public void watch(int events) {
        if (loop != null && channel.isOpen()) {
            loop.updateHandler(channel, events);
        }
    }

    @Override
    public int read(ByteBuffer room) throws IOException {
        return channel.read(room);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return channel.write(source);
    }

    @Override
    public boolean shutdownOutput() throws IOException {
        channel.shutdownOutput();
        return true;
    }

    @Override
    public void close() {
        if (loop != null) {
            loop.removeHandler(channel);
        }
        closeChannel();
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (Throwable e) {
            // The descriptor is gone all the same (close(2)), and with it the last bytes, which
            // nobody had been promised.
            return;
        }
    }

    @Override
    public boolean isBare() {
        return true;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        channel.setOption(option, value);
    }
}

package dev.gyre.verify.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A socket whose owner can vanish, as a process does that ends: the kernel closes it at once, and
/// sends a reset if something was unread. The JDK defers that for a channel that a selector knows,
/// and ends the output in order before; so this one is looked at in each turn instead.
final class AbruptTransport implements Transport {

    private final SocketChannel channel;
    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;

    private @Nullable IOLoop loop;
    private @Nullable Target target;
    private int watched;
    private boolean isLookQueued;

    AbruptTransport(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        localAddress = channel.getLocalAddress();
        remoteAddress = channel.getRemoteAddress();
    }

    @Override
    public void attach(IOLoop newLoop, Target newTarget) {
        loop = newLoop;
        target = newTarget;
        watched = IOLoop.NONE;
    }

    @Override
    public void watch(int events) {
        watched = events;
        if (loop != null && !isLookQueued && events != IOLoop.NONE) {
            isLookQueued = true;
            loop.addCallback(this::look);
        }
    }

    private void look() {
        isLookQueued = false;
        if (target != null && channel.isOpen()) {
            int events = watched;
            target.ready(events);
            watch(watched);
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
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
        watched = IOLoop.NONE;
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isBare() {
        return false;
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

package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopTimer;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A transport that hears when bytes move, and says when none have for too long.
final class IdleTransport implements Transport {

    private final IOLoop loop;
    private final Transport transport;
    private final Duration limit;

    /// When bytes moved last, or the watch began.
    private long activeNanos;

    private boolean closed;

    /// Due when the limit is over if nothing moves; null while nothing is watched.
    private @Nullable LoopTimer timer;

    IdleTransport(IOLoop loop, Transport transport, Duration limit) {
        this.loop = loop;
        this.transport = transport;
        this.limit = limit;
    }

    /// Begins to watch, unless the transport is closed already.
    ///
    /// @param onIdle called once, unless the transport is closed before
    void begin(Runnable onIdle) {
        if (closed) {
            return;
        }
        activeNanos = loop.time();
        timer = loop.callLater(limit, () -> look(onIdle));
    }

    /// Bytes that move do not touch the timer, which would cost more than they do: it finds out by
    /// itself that it came too early.
    private void look(Runnable onIdle) {
        Duration left = limit.minusNanos(loop.time() - activeNanos);
        if (left.isPositive()) {
            timer = loop.callLater(left, () -> look(onIdle));
            return;
        }
        timer = null;
        onIdle.run();
    }

    @Override
    public void attach(IOLoop newLoop, Target target) {
        transport.attach(newLoop, target);
    }

    @Override
    public void watch(int events) {
        transport.watch(events);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return moved(transport.read(target));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return moved(transport.write(source));
    }

    private int moved(int count) {
        if (count > 0) {
            activeNanos = loop.time();
        }
        return count;
    }

    @Override
    public boolean shutdownOutput() throws IOException {
        return transport.shutdownOutput();
    }

    @Override
    public void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        transport.close();
    }

    @Override
    public boolean isBare() {
        return transport.isBare();
    }

    @Override
    public SocketAddress localAddress() {
        return transport.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return transport.remoteAddress();
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        transport.setOption(option, value);
    }
}

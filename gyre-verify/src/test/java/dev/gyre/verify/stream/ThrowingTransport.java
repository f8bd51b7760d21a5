package dev.gyre.verify.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.Transport;
import dev.gyre.verify.loop.Thrown;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;

/// A transport of which one method throws. It is always ready, and nothing ever comes.
final class ThrowingTransport implements Transport {

    /// What throws.
    enum Call {
        NONE,
        WATCH,
        READ,
        WRITE,
        SHUTDOWN_OUTPUT,
        CLOSE
    }

    private final IOLoop loop;
    private final Call broken;
    private final Thrown thrown;
    private boolean nameless;
    private boolean closed;

    /// Whether it has thrown.
    private boolean failed;

    /// Null before the stream has attached itself.
    private Target target;

    ThrowingTransport(IOLoop loop, Call broken, Thrown thrown) {
        this.loop = loop;
        this.broken = broken;
        this.thrown = thrown;
    }

    ThrowingTransport withoutAddress() {
        nameless = true;
        return this;
    }

    boolean isClosed() {
        return closed;
    }

    private void call(Call call) {
        if (call == broken) {
            failed = true;
            throw thrown.thrown();
        }
    }

    @Override
    public void attach(IOLoop ownLoop, Target newTarget) {
        target = newTarget;
    }

    @Override
    public void watch(int events) {
        if (target != null && events != IOLoop.NONE) {
            // The target is told later: in the constructor it would be a failure to make the
            // stream.
            loop.addCallback(() -> target.ready(events));
        }
        call(Call.WATCH);
    }

    @Override
    public int read(ByteBuffer room) {
        call(Call.READ);
        // As with a kernel, after the last words of the peer, of which there are none here.
        return failed ? Transport.END : 0;
    }

    @Override
    public int write(ByteBuffer source) {
        call(Call.WRITE);
        int count = source.remaining();
        source.position(source.limit());
        return count;
    }

    @Override
    public boolean shutdownOutput() {
        call(Call.SHUTDOWN_OUTPUT);
        return true;
    }

    @Override
    public void close() {
        closed = true;
        call(Call.CLOSE);
    }

    @Override
    public boolean isBare() {
        return false;
    }

    @Override
    public SocketAddress localAddress() {
        return remoteAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        if (nameless) {
            throw thrown.thrown();
        }
        return InetSocketAddress.createUnresolved("nowhere", 1);
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        throw new UnsupportedOperationException("there are no options here");
    }
}

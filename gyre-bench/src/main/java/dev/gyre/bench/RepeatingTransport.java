package dev.gyre.bench;

import dev.gyre.loop.BareCallback;
import dev.gyre.loop.IOLoop;
import dev.gyre.stream.Transport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A connection without a kernel: its peer sends the same bytes again whenever it has got as many.
final class RepeatingTransport implements Transport {

    private static final SocketAddress NOWHERE = InetSocketAddress.createUnresolved("nowhere", 0);

    private final ByteBuffer message;
    private final Runnable onAnswer;

    /// Null before [#attach].
    private @Nullable IOLoop loop;

    /// Null before [#attach].
    private @Nullable Target target;

    /// How many bytes of the answer are missing.
    private int missing;

    /// @param message what the peer sends
    /// @param onAnswer called when as many bytes have come back; bare
    RepeatingTransport(byte[] message, Runnable onAnswer) {
        this.message = ByteBuffer.allocateDirect(message.length).put(message);
        this.onAnswer = onAnswer;
    }

    @Override
    public void attach(IOLoop newLoop, Target newTarget) {
        loop = newLoop;
        target = newTarget;
        send();
    }

    private void send() {
        missing = message.flip().remaining();
        Objects.requireNonNull(loop).addCallback((BareCallback) this::tell);
    }

    private void tell() {
        Objects.requireNonNull(target).ready(IOLoop.READ);
        if (message.hasRemaining()) {
            Objects.requireNonNull(loop).addCallback((BareCallback) this::tell);
        }
    }

    @Override
    public void watch(int events) {
        // It tells what it is told to, and is never asked to wait.
    }

    @Override
    public int read(ByteBuffer into) {
        int count = Math.min(message.remaining(), into.remaining());
        into.put(into.position(), message, message.position(), count);
        into.position(into.position() + count);
        message.position(message.position() + count);
        return count;
    }

    @Override
    public int write(ByteBuffer source) {
        int count = source.remaining();
        source.position(source.limit());
        missing -= count;
        if (missing == 0) {
            onAnswer.run();
            send();
        }
        return count;
    }

    @Override
    public boolean shutdownOutput() {
        return true;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    @Override
    public boolean isBare() {
        return true;
    }

    @Override
    public SocketAddress localAddress() {
        return NOWHERE;
    }

    @Override
    public SocketAddress remoteAddress() {
        return NOWHERE;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        throw new UnsupportedOperationException("it has no options, so no " + option);
    }
}

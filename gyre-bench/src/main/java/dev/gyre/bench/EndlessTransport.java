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

/// A connection without a kernel: its peer sends the same bytes over and over, a portion in each
/// turn that asks for more, and swallows whatever comes back.
final class EndlessTransport implements Transport {

    private static final SocketAddress NOWHERE = InetSocketAddress.createUnresolved("nowhere", 0);

    private final ByteBuffer bytes;
    private final int portion;
    private final BareCallback tell = this::tell;

    /// Null before [#attach].
    private @Nullable IOLoop loop;

    /// Null before [#attach].
    private @Nullable Target target;

    /// What the stream wants to hear of.
    private int watched = IOLoop.NONE;

    /// Whether [#tell] is going to be called.
    private boolean isTelling;

    /// How much of the current portion has not been read.
    private int left;

    /// @param bytes what the peer sends
    /// @param portion how many bytes of it come at once
    EndlessTransport(byte[] bytes, int portion) {
        this.bytes = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        this.portion = portion;
    }

    @Override
    public void attach(IOLoop newLoop, Target newTarget) {
        loop = newLoop;
        target = newTarget;
    }

    @Override
    public void watch(int events) {
        watched = events;
        if (events != IOLoop.NONE && !isTelling) {
            isTelling = true;
            Objects.requireNonNull(loop).addCallback(tell);
        }
    }

    private void tell() {
        isTelling = false;
        if (left == 0) {
            left = portion;
        }
        int events = watched;
        if (events != IOLoop.NONE) {
            Objects.requireNonNull(target).ready(events);
            watch(watched);
        }
    }

    @Override
    public int read(ByteBuffer into) {
        int sum = 0;
        while (left > 0 && into.hasRemaining()) {
            if (!bytes.hasRemaining()) {
                bytes.rewind();
            }
            int count = Math.min(left, Math.min(bytes.remaining(), into.remaining()));
            into.put(into.position(), bytes, bytes.position(), count);
            into.position(into.position() + count);
            bytes.position(bytes.position() + count);
            left -= count;
            sum += count;
        }
        return sum;
    }

    @Override
    public int write(ByteBuffer source) {
        int count = source.remaining();
        source.position(source.limit());
        return count;
    }

    @Override
    public boolean shutdownOutput() {
        return true;
    }

    @Override
    public void close() {
        watched = IOLoop.NONE;
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

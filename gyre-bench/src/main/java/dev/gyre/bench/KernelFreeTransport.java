package dev.gyre.bench;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.Transport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A connection without a kernel, which has room for everything and swallows it.
abstract class KernelFreeTransport implements Transport {

    private static final SocketAddress NOWHERE = InetSocketAddress.createUnresolved("nowhere", 0);

    /// Null before [#attach].
    private @Nullable IOLoop loop;

    /// Null before [#attach].
    private @Nullable Target target;

    @Override
    public void attach(IOLoop newLoop, Target newTarget) {
        loop = newLoop;
        target = newTarget;
    }

    final IOLoop loop() {
        return Objects.requireNonNull(loop, "loop");
    }

    final Target target() {
        return Objects.requireNonNull(target, "target");
    }

    /// Moves bytes, `max` at most and as many as there are and fit, and returns how many.
    static int move(ByteBuffer from, ByteBuffer into, int max) {
        int count = Math.min(max, Math.min(from.remaining(), into.remaining()));
        into.put(into.position(), from, from.position(), count);
        into.position(into.position() + count);
        from.position(from.position() + count);
        return count;
    }

    @Override
    public int write(ByteBuffer source) {
        int count = source.remaining();
        source.position(source.limit());
        return count;
    }

    @Override
    public final boolean shutdownOutput() {
        return true;
    }

    @Override
    public void close() {
        // Without a kernel there is nothing to close.
    }

    @Override
    public final boolean isBare() {
        return true;
    }

    @Override
    public final SocketAddress localAddress() {
        return NOWHERE;
    }

    @Override
    public final SocketAddress remoteAddress() {
        return NOWHERE;
    }

    @Override
    public final <T> void setOption(SocketOption<T> option, T value) {
        throw new UnsupportedOperationException("it has no options, so no " + option);
    }
}

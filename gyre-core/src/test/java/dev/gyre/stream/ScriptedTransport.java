package dev.gyre.stream;

import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A transport that takes as many bytes as a test tells it to, and has none to give.
final class ScriptedTransport implements Transport {

    private final StringBuilder taken = new StringBuilder();
    private final Queue<Integer> counts = new ArrayDeque<>();

    /// What the next calls throw; null if they do not.
    private @Nullable IOException failure;

    private int calls;
    private int ends;

    /// Lets each of the next calls take so many bytes; those after take all.
    void takes(int... nextCounts) {
        for (int count : nextCounts) {
            counts.add(count);
        }
    }

    void failsWith(IOException newFailure) {
        failure = newFailure;
    }

    String taken() {
        return taken.toString();
    }

    int calls() {
        return calls;
    }

    int ends() {
        return ends;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        calls++;
        if (failure != null) {
            throw failure;
        }
        Integer scripted = counts.poll();
        int count = Math.min(source.remaining(), scripted == null ? Integer.MAX_VALUE : scripted);
        byte[] bytes = new byte[count];
        source.get(bytes);
        taken.append(new String(bytes, StandardCharsets.ISO_8859_1));
        return count;
    }

    @Override
    public boolean shutdownOutput() {
        ends++;
        return true;
    }

    @Override
    public int read(ByteBuffer target) {
        return 0;
    }

    @Override
    public void attach(IOLoop loop, Target target) {
        // It is never ready.
    }

    @Override
    public void watch(int events) {
        // It is never ready.
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    @Override
    public boolean isBare() {
        return true;
    }

    @Override
    public SocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("near", 1);
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("far", 2);
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        throw new UnsupportedOperationException("no options: " + option);
    }
}

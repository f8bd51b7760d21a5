package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A transport that takes and gives as many bytes as a test tells it to. It insists on being
/// offered again what it did not take.
final class ScriptedTransport implements Transport {

    private final StringBuilder taken = new StringBuilder();
    private final Queue<Integer> counts = new ArrayDeque<>();

    private final Queue<ByteBuffer> chunks = new ArrayDeque<>();

    /// The bytes that the transport was offered last and did not take.
    private byte[] refused = {};

    private @Nullable ByteBuffer offered;
    private @Nullable ByteBuffer readInto;
    private boolean bare = true;

    /// The failure that the next calls throw; null if they throw none.
    private @Nullable IOException failure;

    private int calls;
    private int ends;

    /// Lets each of the next calls take so many bytes; those after take all.
    void takes(int... nextCounts) {
        for (int count : nextCounts) {
            counts.add(count);
        }
    }

    /// Gives these bytes in one of the next reads, if they fit.
    void gives(String chunk) {
        chunks.add(ByteBuffer.wrap(chunk.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /// From now on its methods may be suspended.
    void isNotBare() {
        bare = false;
    }

    /// Returns the buffer that the last write came in.
    ByteBuffer offered() {
        return Objects.requireNonNull(offered);
    }

    /// Returns the buffer that the last read was to fill.
    ByteBuffer readInto() {
        return Objects.requireNonNull(readInto);
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
        offered = source.duplicate();
        byte[] again = new byte[Math.min(refused.length, source.remaining())];
        source.get(source.position(), again);
        assertThat(again).isEqualTo(refused);
        Integer scripted = counts.poll();
        int count = Math.min(source.remaining(), scripted == null ? Integer.MAX_VALUE : scripted);
        byte[] bytes = new byte[count];
        source.get(bytes);
        taken.append(new String(bytes, StandardCharsets.ISO_8859_1));
        refused = new byte[source.remaining()];
        source.get(source.position(), refused);
        return count;
    }

    @Override
    public boolean shutdownOutput() {
        ends++;
        return true;
    }

    @Override
    public int read(ByteBuffer target) {
        readInto = target;
        ByteBuffer chunk = chunks.peek();
        if (chunk == null) {
            return 0;
        }
        int count = Math.min(chunk.remaining(), target.remaining());
        target.put(chunk.slice(chunk.position(), count));
        chunk.position(chunk.position() + count);
        if (!chunk.hasRemaining()) {
            chunks.remove();
        }
        return count;
    }

    @Override
    public void attach(IOLoop loop, Target target) {
        // A scripted transport is never ready.
    }

    @Override
    public void watch(int events) {
        // A scripted transport is never ready.
    }

    @Override
    public void close() {
        // A scripted transport has nothing to close.
    }

    @Override
    public boolean isBare() {
        return bare;
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

package dev.gyre.verify.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;

/// A transport over another, of which the test spoils the input at one place, stops the output, or
/// makes both slow.
final class MeddledTransport implements Transport {

    private static final long NOWHERE = Long.MAX_VALUE;

    private final Transport below;

    private long cutAt = NOWHERE;
    private long endAt = NOWHERE;
    private long flipAt = NOWHERE;
    private boolean roomless;

    /// How many bytes one call moves at most.
    private int step = Integer.MAX_VALUE;

    /// Whether a writer is suspended inside this transport.
    private boolean suspends;

    /// Whether one is at this moment.
    private boolean suspended;

    /// What the stream, or TLS, wants to hear of.
    private int watched;

    /// How many bytes have come.
    private long seen;

    MeddledTransport(Transport below) {
        this.below = below;
    }

    /// Lets no read go beyond that many bytes and give later ones too.
    MeddledTransport cutAt(long index) {
        cutAt = index;
        return this;
    }

    /// Ends the input, in the way of TCP, after so many bytes.
    MeddledTransport endAt(long index) {
        endAt = index;
        return this;
    }

    /// Changes one bit of the byte there.
    MeddledTransport flipAt(long index) {
        flipAt = index;
        return this;
    }

    /// Moves no more than one byte in each call.
    MeddledTransport byteWise() {
        step = 1;
        return this;
    }

    /// Lets other tasks run in the middle of each write, as a TLS engine may. Before the stream is
    /// made.
    MeddledTransport suspendingWriters() {
        suspends = true;
        return this;
    }

    /// Takes no output until told otherwise.
    void withoutRoom(boolean isRoomless) {
        roomless = isRoomless;
        watch(watched);
    }

    long seen() {
        return seen;
    }

    @Override
    public void attach(IOLoop loop, Target target) {
        below.attach(loop, target);
    }

    @Override
    public void watch(int events) {
        watched = events;
        below.watch(roomless ? events & ~IOLoop.WRITE : events);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (seen >= endAt) {
            return END;
        }
        long next = seen < cutAt ? Math.min(cutAt, endAt) : endAt;
        int start = target.position();
        int count = (int) Math.min(Math.min(target.remaining(), step), next - seen);
        int read = below.read(target.slice(start, count));
        if (read == END) {
            return END;
        }
        if (flipAt >= seen && flipAt < seen + read) {
            int place = start + (int) (flipAt - seen);
            target.put(place, (byte) (target.get(place) ^ 0x10));
        }
        seen += read;
        target.position(start + read);
        return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (roomless || suspended) {
            return 0;
        }
        suspend();
        int start = source.position();
        int count = below.write(source.slice(start, Math.min(source.remaining(), step)));
        source.position(start + count);
        return count;
    }

    private void suspend() {
        if (suspends) {
            suspended = true;
            Task.pause();
            suspended = false;
        }
    }

    @Override
    public boolean shutdownOutput() throws IOException {
        return below.shutdownOutput();
    }

    @Override
    public void close() {
        below.close();
    }

    @Override
    public boolean isBare() {
        return !suspends && below.isBare();
    }

    @Override
    public SocketAddress localAddress() {
        return below.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return below.remoteAddress();
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        below.setOption(option, value);
    }
}

package dev.gyre.verify.fuzz;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;

/// A transport that spoils its input once.
final class Spoiler implements Transport {

    enum Kind {
        FLIP,
        DROP,
        DOUBLE,
        END
    }

    private final Transport below;
    private final Kind kind;
    private final int place;

    /// How many bytes have come.
    private int seen;

    /// @param place which byte of the input is spoilt, counted from 0
    Spoiler(Transport below, Kind kind, int place) {
        this.below = below;
        this.kind = kind;
        this.place = place;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (kind == Kind.END && seen >= place) {
            return END;
        }
        // The byte in question comes alone.
        int limit = seen < place ? place - seen : seen == place ? 1 : Integer.MAX_VALUE;
        int count =
                below.read(target.slice(target.position(), Math.min(limit, target.remaining())));
        if (count <= 0) {
            return count;
        }
        boolean isPlace = seen == place;
        seen += count;
        return isPlace ? spoil(target) : pass(target, count);
    }

    private int spoil(ByteBuffer target) {
        int start = target.position();
        byte spoilt = target.get(start);
        switch (kind) {
            case FLIP -> target.put((byte) (spoilt ^ 0x10));
            case DOUBLE -> {
                target.put(spoilt);
                if (target.hasRemaining()) {
                    target.put(spoilt);
                }
            }
            default -> {
                // The record is dropped.
            }
        }
        return target.position() - start;
    }

    private static int pass(ByteBuffer target, int count) {
        target.position(target.position() + count);
        return count;
    }

    @Override
    public void attach(IOLoop loop, Target target) {
        below.attach(loop, target);
    }

    @Override
    public void watch(int events) {
        below.watch(events);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return below.write(source);
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
        return below.isBare();
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

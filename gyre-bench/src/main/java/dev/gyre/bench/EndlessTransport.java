package dev.gyre.bench;

import dev.gyre.loop.BareCallback;
import dev.gyre.loop.IOLoop;
import java.nio.ByteBuffer;

/// A connection without a kernel: its peer sends the same bytes over and over, a portion in each
/// turn that asks for more, and swallows whatever comes back.
final class EndlessTransport extends KernelFreeTransport {

    private final ByteBuffer bytes;
    private final int portion;
    private final BareCallback tell = this::tell;

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
    public void watch(int events) {
        watched = events;
        if (events != IOLoop.NONE && !isTelling) {
            isTelling = true;
            loop().addCallback(tell);
        }
    }

    private void tell() {
        isTelling = false;
        if (left == 0) {
            left = portion;
        }
        int events = watched;
        if (events != IOLoop.NONE) {
            target().ready(events);
            watch(watched);
        }
    }

    @Override
    public int read(ByteBuffer into) {
        int before = left;
        while (left > 0 && into.hasRemaining()) {
            if (!bytes.hasRemaining()) {
                bytes.rewind();
            }
            left -= move(bytes, into, left);
        }
        return before - left;
    }

    @Override
    public void close() {
        watched = IOLoop.NONE;
    }
}

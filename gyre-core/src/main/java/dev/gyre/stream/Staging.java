package dev.gyre.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopLocal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What the streams of a loop share, so that an idle one holds next to nothing.
///
/// They share above all the buffers through which bytes pass between streams and their transports:
/// a stream borrows one for a step and gives it back. One buffer serves all streams, until a step
/// is suspended with it, inside a TLS engine, say.
final class Staging {

    /// What a stream reads or writes in one system call, and what it takes in in one turn.
    static final int SIZE = 64 * 1024;

    /// From this size on it is worth a system call of its own to move bytes between a transport and
    /// a user's buffer without copying them.
    static final int DIRECT_MIN = 8 * 1024;

    private static final LoopLocal<Staging> LOCAL = LoopLocal.withInitial(Staging::new);

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> freeArrays = new ArrayDeque<>();
    private final byte[] segment = new byte[SIZE];
    private final Segments segments = new Segments();
    private final Goals goals = new Goals();
    private final PipeIndex pipes = new PipeIndex();
    private final LoopFuture<@Nullable Void> done;

    private Staging(IOLoop loop) {
        done = LoopFuture.completed(loop, null);
    }

    static Staging of(IOLoop loop) {
        return LOCAL.get(loop);
    }

    /// Returns an empty direct buffer of [#SIZE] bytes, to be given back in the same step.
    ByteBuffer borrow() {
        ByteBuffer buffer = free.poll();
        if (buffer == null) {
            return ByteBuffer.allocateDirect(SIZE);
        }
        return buffer.clear();
    }

    /// Returns an empty buffer of [#SIZE] bytes in an array, to be given back in the same step. It
    /// is for TLS engines, which work on arrays, and copy the bytes of other buffers in small
    /// pieces.
    ByteBuffer borrowArray() {
        ByteBuffer buffer = freeArrays.poll();
        if (buffer == null) {
            return ByteBuffer.allocate(SIZE);
        }
        return buffer.clear();
    }

    /// Returns a finished future, the same for all that need not wait.
    LoopFuture<@Nullable Void> done() {
        return done;
    }

    Goals goals() {
        return goals;
    }

    PipeIndex pipes() {
        return pipes;
    }

    /// Returns a segment of [#SIZE] bytes, for use until the caller returns or may be suspended.
    byte[] segment() {
        return segment;
    }

    /// Returns the segments for what stays longer.
    Segments segments() {
        return segments;
    }

    /// Takes back a buffer that was borrowed.
    void giveBack(ByteBuffer buffer) {
        (buffer.isDirect() ? free : freeArrays).push(buffer);
    }
}

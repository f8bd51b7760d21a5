package dev.gyre.stream;

import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one write put into a stream's queue, and its link to the next.
abstract sealed class Piece {

    /// Completed when the last byte of the piece is with the kernel.
    final LoopFuture<@Nullable Void> sent;

    /// The piece behind this one; null for the last.
    @Nullable Piece next;

    Piece(LoopFuture<@Nullable Void> sent) {
        this.sent = sent;
    }

    /// Returns how many bytes are still to be sent.
    abstract long remaining();

    /// Copies bytes that are still to be sent into `target`, as many as fit. The piece keeps them
    /// until [#advance].
    abstract void copyTo(ByteBuffer target) throws IOException;

    /// Returns the next bytes where they are, if they can be sent from there; null if [#copyTo] is
    /// better.
    @Nullable ByteBuffer inPlace() {
        return null;
    }

    /// Called when the first `count` of the bytes that were still to be sent have been.
    abstract void advance(int count);

    /// Bytes of an array, which the writer must not change meanwhile.
    static final class OfArray extends Piece {

        private final byte[] bytes;
        private int start;

        OfArray(byte[] bytes, LoopFuture<@Nullable Void> sent) {
            super(sent);
            this.bytes = Objects.requireNonNull(bytes, "bytes");
        }

        @Override
        long remaining() {
            return (long) bytes.length - start;
        }

        @Override
        void copyTo(ByteBuffer target) {
            target.put(bytes, start, Math.min(bytes.length - start, target.remaining()));
        }

        @Override
        void advance(int count) {
            start += count;
        }
    }

    /// Bytes of a buffer, which the writer must not change meanwhile.
    static final class OfBuffer extends Piece {

        private final ByteBuffer bytes;

        /// @param bytes a duplicate of the writer's, so that nobody else moves its position
        OfBuffer(ByteBuffer bytes, LoopFuture<@Nullable Void> sent) {
            super(sent);
            this.bytes = bytes;
        }

        /// Returns a piece for each of several buffers, which keep their positions.
        static List<Piece> each(
                Supplier<LoopFuture<@Nullable Void>> newWrite, ByteBuffer[] buffers) {
            List<Piece> pieces = new ArrayList<>(buffers.length);
            for (ByteBuffer buffer : buffers) {
                pieces.add(new OfBuffer(buffer.duplicate(), newWrite.get()));
            }
            return pieces;
        }

        @Override
        long remaining() {
            return bytes.remaining();
        }

        @Override
        void copyTo(ByteBuffer target) {
            int count = Math.min(bytes.remaining(), target.remaining());
            target.put(target.position(), bytes, bytes.position(), count);
            target.position(target.position() + count);
        }

        @Override
        @Nullable ByteBuffer inPlace() {
            int count = bytes.remaining();
            return bytes.isDirect() && count >= Staging.DIRECT_MIN
                    ? bytes.slice(bytes.position(), Math.min(count, Staging.SIZE))
                    : null;
        }

        @Override
        void advance(int count) {
            bytes.position(bytes.position() + count);
        }
    }

    /// Bytes of a file, read when it is their turn.
    static final class OfFile extends Piece {

        /// Where a part of a file may end: beyond all files, and the lengths of a queue add up.
        static final long END_MAX = Long.MAX_VALUE / 2;

        private final FileChannel file;
        private long position;
        private long count;

        /// What reading the file met, which is told when it is this piece's turn; null while the
        /// file can be read. The failure is kept, since a file that it has closed tells no reason
        /// the next time.
        private @Nullable FileException failure;

        OfFile(FileChannel file, long position, long count, LoopFuture<@Nullable Void> sent) {
            super(sent);
            this.file = file;
            this.position = position;
            this.count = count;
        }

        @Override
        long remaining() {
            return count;
        }

        @Override
        void copyTo(ByteBuffer target) throws FileException {
            int end = target.limit();
            int start = target.position();
            target.limit((int) Math.min(end, start + count));
            try {
                if (failure == null && read(target) < 0) {
                    failure =
                            new FileException(
                                    "a file ended %d bytes before what was to be sent"
                                            .formatted(count),
                                    null);
                }
            } finally {
                target.limit(end);
            }
            if (failure != null) {
                throw failure;
            }
        }

        private int read(ByteBuffer target) {
            try {
                return file.read(target, position);
            } catch (Throwable e) {
                // The end of the file's channel is no end of the stream, whatever the type of the
                // exception says.
                failure =
                        new FileException(
                                "a file that was to be sent cannot be read: " + Logs.text(e), e);
                return 0;
            }
        }

        @Override
        void advance(int sentCount) {
            position += sentCount;
            count -= sentCount;
        }
    }

    /// Says that a file, and not the connection, has failed.
    static final class FileException extends IOException {

        @Serial private static final long serialVersionUID = 1;

        FileException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// The end of the output, behind everything written before.
    static final class End extends Piece {

        End(LoopFuture<@Nullable Void> sent) {
            super(sent);
        }

        @Override
        long remaining() {
            return 0;
        }

        @Override
        void copyTo(ByteBuffer target) {
            // The end has no bytes.
        }

        @Override
        void advance(int count) {
            // The end has no bytes.
        }
    }
}

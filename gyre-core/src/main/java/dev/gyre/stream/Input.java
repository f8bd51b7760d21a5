package dev.gyre.stream;

import dev.gyre.loop.LoopFuture;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// The reading half of a stream: what has come, and who waits for more.
final class Input {

    private final IOStream stream;
    private final ByteQueue buffered = new ByteQueue();

    /// Null exactly while no read is outstanding.
    private @Nullable PendingRead<?> pending;

    /// Why no more bytes will come; null while they may.
    private @Nullable IOException end;

    /// Whether what comes is thrown away, since the stream only waits for the peer's end.
    private boolean discarding;

    private long received;

    Input(IOStream stream) {
        this.stream = stream;
    }

    /// Starts a read, and ends it at once if what has come is enough, or nothing more will come.
    <T> LoopFuture<T> read(ReadGoal<T> goal) {
        if (pending != null) {
            throw new IllegalStateException(
                    "%s is being read already: %s; await or cancel that read before the next"
                            .formatted(stream, pending.goal));
        }
        PendingRead<T> read = new PendingRead<>(this, goal);
        pending = read;
        if (!settle(read) && end != null) {
            read.end(end);
        }
        return read.result;
    }

    /// Returns whether more bytes should be taken from the transport: when a read waits for them,
    /// and when there are none, for that is how the end of an idle connection is noticed.
    boolean wantsMore() {
        return end == null && (pending != null || buffered.isEmpty());
    }

    boolean hasReader() {
        return pending != null;
    }

    boolean isEnded() {
        return end != null;
    }

    /// Returns whether the peer has ended its output, and everything it sent was read.
    boolean isReadToTheEnd() {
        return end instanceof EOFException && buffered.isEmpty();
    }

    long received() {
        return received;
    }

    /// Returns how many bytes may be taken in at once without exceeding the limit of the buffer by
    /// more than the one byte which shows that a read exceeds it too.
    int room(int limit) {
        return Math.clamp(limit + 1L - buffered.size(), 1, Staging.SIZE);
    }

    /// Takes in bytes, which come in a borrowed buffer.
    void received(ByteBuffer bytes) {
        received += bytes.remaining();
        if (discarding) {
            return;
        }
        buffered.lend(bytes);
        try {
            PendingRead<?> read = pending;
            if (read != null) {
                settle(read);
            }
        } finally {
            buffered.keep();
        }
    }

    /// Completes `read` if what has come is enough, and fails it if it can never be.
    private <T> boolean settle(PendingRead<T> read) {
        int prefix;
        try {
            prefix = read.goal.progress(buffered);
        } catch (UnsatisfiableReadException e) {
            pending = null;
            read.result.fail(e);
            return true;
        }
        if (prefix < 0) {
            return false;
        }
        // Cleared first, so that whatever follows finds the stream free for the next read.
        pending = null;
        read.result.complete(read.goal.take(buffered, prefix));
        return true;
    }

    /// Ends the input; the first reason counts. What has come can still be read.
    void end(IOException cause) {
        if (end != null) {
            return;
        }
        end = cause;
        if (pending != null) {
            pending.end(cause);
        }
    }

    /// Gives up reading: drops what has come, and what may still come.
    void discard() {
        discarding = true;
        if (pending != null) {
            pending.end(new ClosedChannelException());
        }
        buffered.skip(buffered.size());
    }

    /// Removes what has come, for another protocol on the same connection.
    byte[] drain() {
        return buffered.take(buffered.size());
    }

    /// A read that waits for more bytes. It is its own answer to a cancellation.
    private static final class PendingRead<T> implements Runnable {

        private final Input input;
        private final ReadGoal<T> goal;
        private final LoopFuture<T> result;

        PendingRead(Input input, ReadGoal<T> goal) {
            this.input = input;
            this.goal = goal;
            this.result = new LoopFuture<>(input.stream.loop(), this);
        }

        /// Settles this read, for no more bytes will come.
        void end(IOException cause) {
            input.pending = null;
            if (goal.isAnsweredBy(cause)) {
                result.complete(goal.answerAtEnd(input.buffered));
                return;
            }
            long seen = goal.seen(input.buffered);
            String progress = "%d bytes had come of a read of %s".formatted(seen, goal);
            input.stream.end().fail(result, cause, progress);
        }

        @Override
        public String toString() {
            return "a read of %s from %s".formatted(goal, input.stream);
        }

        /// Frees the stream for another read, which finds all bytes of this one.
        @Override
        public void run() {
            if (input.pending == this) {
                input.pending = null;
                goal.cancel(input.buffered);
            }
        }
    }
}

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
    private final ByteQueue buffered;

    /// Null exactly while no read is outstanding.
    private @Nullable PendingRead<?> pending;

    /// Why no more bytes will come; null while they may.
    private @Nullable IOException end;

    /// Whether what comes is thrown away, since the stream only waits for the peer's end.
    private boolean discarding;

    /// Whether the end of input leaves the output open.
    private boolean halfOpen;

    private long received;

    Input(IOStream stream, Segments segments) {
        this.stream = stream;
        this.buffered = new ByteQueue(segments);
    }

    /// Starts a read, and ends it at once if what has come is enough, or nothing more will come.
    <T> LoopFuture<T> read(ReadGoal<T> goal) {
        if (pending != null) {
            throw new IllegalStateException(
                    "%s is being read already: %s; await or cancel that read before the next"
                            .formatted(stream, pending.goal));
        }
        int prefix;
        try {
            prefix = goal.progress(buffered);
        } catch (UnsatisfiableReadException e) {
            return LoopFuture.failed(stream.loop(), e);
        }
        if (prefix >= 0) {
            return LoopFuture.completed(stream.loop(), goal.take(buffered, prefix));
        }
        PendingRead<T> read = new PendingRead<>(this, goal);
        pending = read;
        if (end != null) {
            read.end(end);
        }
        return read.result;
    }

    void endLeavesOutputOpen() {
        halfOpen = true;
    }

    /// Returns whether the output ends with the input.
    boolean endsOutput() {
        return !halfOpen;
    }

    /// Returns whether more bytes should be taken from the transport: when a read waits for them,
    /// and when there are none, for that is how the end of an idle connection is noticed.
    boolean wantsMore() {
        return end == null && (pending != null || buffered.isEmpty());
    }

    /// Returns whether more may be taken in though nobody waits for it.
    ///
    /// @param limit how many bytes may be buffered
    boolean hasRoom(int limit) {
        return buffered.size() < limit;
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

    /// Takes in what has come, at most [Staging#SIZE] bytes.
    ///
    /// @param limit how many bytes may be buffered
    /// @return how many came, or [Transport#END]
    int receive(Transport transport, Staging staging, int limit) throws IOException {
        // A transport that may be suspended must not hold a buffer which a cancelled read gives
        // back.
        ByteBuffer target = transport.isBare() ? target() : null;
        return target == null
                ? receiveStaged(transport, staging, limit)
                : receiveDirectly(transport, target);
    }

    /// Returns the buffer in which the outstanding read wants what comes next; null if it has no
    /// buffer, or only a small one.
    private @Nullable ByteBuffer target() {
        ByteBuffer target = pending == null || !buffered.isEmpty() ? null : pending.goal.target();
        return target == null || target.remaining() < Staging.DIRECT_MIN ? null : target;
    }

    private int receiveDirectly(Transport transport, ByteBuffer target) throws IOException {
        int room = Math.min(target.remaining(), Staging.SIZE);
        int count = transport.read(target.slice(target.position(), room));
        if (count > 0) {
            target.position(target.position() + count);
            received += count;
            settle();
        }
        return count;
    }

    private int receiveStaged(Transport transport, Staging staging, int limit) throws IOException {
        ByteBuffer bytes = staging.borrow();
        try {
            // One byte more than the limit is let in, which shows that a read exceeds it.
            bytes.limit(Math.clamp(limit + 1L - buffered.size(), 1, Staging.SIZE));
            int count = transport.read(bytes);
            if (count > 0 && end == null) {
                received += count;
                take(bytes.flip(), staging.segment());
            }
            return count;
        } finally {
            staging.giveBack(bytes);
        }
    }

    private void take(ByteBuffer bytes, byte[] room) {
        if (discarding) {
            return;
        }
        PendingRead<?> read = pending;
        if (read == null) {
            buffered.append(bytes);
            return;
        }
        buffered.lend(bytes, room);
        try {
            settle(read);
        } finally {
            buffered.keep();
        }
    }

    private void settle() {
        PendingRead<?> read = pending;
        if (read != null) {
            settle(read);
        }
    }

    /// Completes `read` if what has come is enough, and fails it if it can never be.
    private <T> void settle(PendingRead<T> read) {
        int prefix;
        try {
            prefix = read.goal.progress(buffered);
        } catch (UnsatisfiableReadException e) {
            pending = null;
            read.result.fail(e);
            return;
        }
        if (prefix >= 0) {
            // The read is cleared first, so that what follows finds the stream free for the next.
            pending = null;
            read.result.complete(read.goal.take(buffered, prefix));
        }
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
            input.stream.end().failRead(result, cause, progress);
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

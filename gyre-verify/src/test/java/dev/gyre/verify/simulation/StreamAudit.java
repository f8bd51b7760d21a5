package dev.gyre.verify.simulation;

import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamBufferFullException;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.testing.Simulation;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Keeps account of what is asked of a stream and of what it answers, and fails the simulation at
/// the step in which one of these does not hold:
///
/// - an answer comes once, that of a write when its bytes are sent, those of writes in their order;
/// - what the end of the stream fails ends in the documented order: the read, the writes, the
///   drains; then the end itself is told, once; and then nothing is left without an answer; only
///   where a write has met the failure of the connection, the read may go on for a while;
/// - no more is buffered, for reading and for writing, than the limits allow, and what is counted
///   as queued is what was written and not sent.
final class StreamAudit {

    /// In the order in which they end with the stream.
    private enum Kind {
        READ,
        WRITE,
        DRAIN
    }

    /// Something that was asked.
    ///
    /// @param isPending whether the answer was not there at once
    private record Asked(Kind kind, int number, boolean isPending) {

        /// Returns whether the end of the stream must end this after the other.
        ///
        /// @param isConnectionFailed whether that end is the failure of the connection
        boolean isAfter(Asked other, boolean isConnectionFailed) {
            if (isConnectionFailed && kind == Kind.READ) {
                return true;
            }
            int kinds = kind.compareTo(other.kind);
            return kinds > 0 || (kinds == 0 && number > other.number);
        }

        @Override
        public String toString() {
            return "%s %d".formatted(kind, number);
        }
    }

    private final IOStream stream;
    private final int readMax;
    private final int writeMax;

    private final Set<Asked> unanswered = new LinkedHashSet<>();

    /// What went wrong while the host ran.
    private final List<String> wrong = new ArrayList<>();

    /// How much was ever asked.
    private int asked;

    /// The number of the write that was answered last.
    private int lastWriteAnswered = -1;

    /// What the end of the stream failed last; null as long as it failed nothing.
    private @Nullable Asked lastFailed;

    /// Whether a write has failed, so that nothing can be sent any more.
    private boolean isOutputFailed;

    /// How often the end was told.
    private int ends;

    /// How many bytes were read; of those that go into `target`, up to the last read.
    private long read;

    /// What the last read fills; none if that gives its bytes.
    private ByteBuffer target = ByteBuffer.allocate(0);

    /// The position from which it fills that.
    private int targetStart;

    /// Whether what comes is thrown away.
    private boolean discards;

    /// How many bytes were written.
    private long written;

    /// How many of them by the last write.
    private int lastWriteBytes;

    /// @param stream with the limits that are the default
    StreamAudit(Simulation simulation, IOStream stream) {
        this(
                simulation,
                stream,
                StreamOptions.READ_BUFFER_BYTES_MAX,
                StreamOptions.WRITE_QUEUE_BYTES_MAX);
    }

    /// @param stream of which nothing is read or written any more but through this
    /// @param readMax the limit of its read buffer, in bytes
    /// @param writeMax the limit of its write queue, in bytes
    StreamAudit(Simulation simulation, IOStream stream, int readMax, int writeMax) {
        this.stream = stream;
        this.readMax = readMax;
        this.writeMax = writeMax;
        read = stream.bytesIn();
        written = stream.bytesOut();
        stream.onClose(cause -> ended());
        simulation.checkAlways(this::check);
    }

    // The calls of a stream.

    /// Asks for bytes.
    ///
    /// @param verb a read of the stream
    LoopFuture<byte[]> read(Function<IOStream, LoopFuture<byte[]>> verb) {
        goInto(ByteBuffer.allocate(0));
        return ask(Kind.READ, verb.apply(stream), bytes -> read += bytes.length);
    }

    /// Reads bytes, for at most so long. Nobody else listens to this read, which would keep it from
    /// being cancelled.
    byte[] readWithin(Duration limit, Function<IOStream, LoopFuture<byte[]>> verb) {
        goInto(ByteBuffer.allocate(0));
        byte[] bytes = verb.apply(stream).await(limit);
        read += bytes.length;
        return bytes;
    }

    /// Does what [IOStream#readInto] does.
    LoopFuture<Integer> readInto(ByteBuffer newTarget) {
        goInto(newTarget);
        return ask(Kind.READ, stream.readInto(newTarget), count -> {});
    }

    private void goInto(ByteBuffer newTarget) {
        read += target.position() - targetStart;
        target = newTarget;
        targetStart = newTarget.position();
    }

    /// Does what [IOStream#write(byte\[\])] does.
    LoopFuture<@Nullable Void> write(byte[] bytes) {
        boolean isOpen = stream.isOpen();
        boolean isFull = stream.bytesQueued() >= writeMax;
        LoopFuture<@Nullable Void> answer;
        try {
            answer = stream.write(bytes);
        } catch (StreamBufferFullException e) {
            require(isFull, "a write was refused though there was room");
            throw e;
        }
        if (isOpen) {
            require(!isFull, "a write was taken though the queue was full");
            written += bytes.length;
            lastWriteBytes = bytes.length;
        }
        long end = written;
        return ask(
                Kind.WRITE,
                answer,
                nothing -> require(stream.bytesOut() >= end, "a write was done too early"));
    }

    /// Does what [IOStream#drain] does.
    LoopFuture<@Nullable Void> drain() {
        return ask(Kind.DRAIN, stream.drain(), nothing -> {});
    }

    /// Does what [IOStream#shutdownOutput] does.
    LoopFuture<@Nullable Void> shutdownOutput() {
        return ask(Kind.WRITE, stream.shutdownOutput(), nothing -> {});
    }

    /// Does what [IOStream#closeAfterFlush] does.
    LoopFuture<@Nullable Void> closeAfterFlush() {
        discards = true;
        return stream.closeAfterFlush();
    }

    private <T extends @Nullable Object> LoopFuture<T> ask(
            Kind kind, LoopFuture<T> answer, Consumer<? super T> onValue) {
        Asked question = new Asked(kind, asked++, !answer.isDone());
        unanswered.add(question);
        answer.onDone(
                value -> {
                    answered(question);
                    onValue.accept(value);
                },
                failure -> {
                    answered(question);
                    if (failure instanceof StreamClosedException end) {
                        failedByEnd(question, end);
                    }
                });
        return answer;
    }

    // The answers of a stream.

    private void answered(Asked question) {
        require(unanswered.remove(question), question + " was answered twice");
        if (question.kind == Kind.WRITE) {
            require(
                    question.number > lastWriteAnswered,
                    question + " was answered after a later one");
            lastWriteAnswered = question.number;
        }
    }

    private void failedByEnd(Asked question, StreamClosedException end) {
        isOutputFailed |= question.kind != Kind.READ;
        if (!question.isPending) {
            return;
        }
        boolean isConnectionFailed =
                !end.isOrderly() && !(end.getCause() instanceof ClosedChannelException);
        require(
                lastFailed == null || question.isAfter(lastFailed, isConnectionFailed),
                "%s was ended after %s".formatted(question, lastFailed));
        lastFailed = question;
    }

    private void ended() {
        ends++;
        require(ends == 1, "the end was told twice");
        // An answer that was there at once may itself have met the end, before anybody heard of it.
        require(unanswered.stream().noneMatch(Asked::isPending), "the end was told too early");
    }

    // What holds whenever the host has come to rest.

    private void check() {
        if (!stream.loop().isIdle()) {
            return;
        }
        long buffered = stream.bytesIn() - read - (target.position() - targetStart);
        // One byte more shows that a read exceeds it.
        require(discards || buffered <= readMax + 1L, "more was read ahead than may be buffered");
        if (stream.isOpen()) {
            long queued = stream.bytesQueued();
            long unsent = isOutputFailed ? 0 : written - stream.bytesOut();
            require(queued == unsent, "the queue is miscounted");
            require(queued < (long) writeMax + lastWriteBytes, "more is queued than may be");
        } else {
            require(ends == 1, "the end was not told");
            require(unanswered.isEmpty(), "the end left no answer to " + unanswered);
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError("%s: %s".formatted(stream, wrong));
        }
    }

    private void require(boolean holds, String rule) {
        if (!holds) {
            wrong.add(rule);
        }
    }
}

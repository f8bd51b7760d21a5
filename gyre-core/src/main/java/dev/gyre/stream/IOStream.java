package dev.gyre.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// A connection as a stream of bytes, read in the units of its protocol.
///
/// ```java
/// loop.spawn("echo", () -> {
///     while (true) {
///         stream.write(stream.readUntil("\n").await());
///         stream.drain().await();
///     }
/// });
/// ```
///
/// **Reading.** One read may be outstanding; a second throws [IllegalStateException] and leaves the
/// first alone. Bytes that a read does not take wait for the next one. While nobody reads, the
/// stream takes in at most 64 KiB and then leaves the rest to the kernel, which holds the peer up;
/// once a write has failed, as much as the read buffer may hold. Cancelling a read, also by a
/// time-out, leaves its bytes to the next.
///
/// **Writing.** Any number of writes may be outstanding. They are sent in order, gathered at the
/// end of the turn; at once when there are more than 64 KiB, and so is the first block of a turn,
/// if it has 8 KiB and lies in a direct buffer. A writer that sends much awaits [#drain] now and
/// then: then it is held up when the peer does not keep up.
///
/// **The end.** When the peer ends its output, the stream closes, unless it is [half
/// open][StreamOptions#withHalfOpen]. A read of a frame that was cut short fails with
/// [StreamClosedException]; [#readSome], [#readSomeInto] and [#readUntilClose] tell an orderly end
/// as a value. What had come can still be read after the end. When the stream closes, the
/// outstanding read ends first, then the writes in their order, then [#onClose] is called.
///
/// A peer that leaves before it has read everything fails the writes, and mostly has said why. So
/// what had come before that can still be read; only then do reads fail too, for the same reason,
/// and the stream closes. It waits for its reader if more has come than the read buffer may hold:
/// as long as some of it is read every ten seconds.
///
/// **Threads.** A stream belongs to its loop, and its methods to the loop's thread; they refuse
/// others while the loop runs. Listeners and awaiting tasks go on in a later step, never inside a
/// call. Text is UTF-8.
public final class IOStream implements AutoCloseable {

    private final IOLoop loop;
    private final StreamOptions options;
    private final Staging staging;
    private final StreamEnd end = new StreamEnd(this);
    private final Input input;
    private final Output output = new Output(this);
    private final Attachment attachment = new Attachment(this);

    /// What carries the bytes; replaced once, by [#startTls].
    private Transport transport;

    /// The same transport, once it has TLS; null before.
    private @Nullable TlsTransport tls;

    private StreamPhase phase = StreamPhase.OPEN;

    /// The wait for the reader of what had come; null unless a write has failed.
    private @Nullable LastWords lastWords;

    /// Makes a stream with the default options over a transport, which it owns from now on.
    public IOStream(IOLoop loop, Transport transport) {
        this(loop, transport, StreamOptions.defaults());
    }

    /// Makes a stream over a transport, which it owns from now on, also if this throws.
    ///
    /// @throws IllegalStateException if the loop is closed, or this is a foreign thread
    public IOStream(IOLoop loop, Transport transport, StreamOptions options) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.options = Objects.requireNonNull(options, "options");
        this.transport = Objects.requireNonNull(transport, "transport");
        try {
            this.staging = Staging.of(loop);
            this.input = new Input(this, staging.segments());
            if (options.isHalfOpen()) {
                input.endLeavesOutputOpen();
            }
            transport.attach(loop, attachment);
            updateWatch();
        } catch (Throwable e) {
            BrokenTransport.close(this, transport);
            throw e;
        }
    }

    StreamEnd end() {
        return end;
    }

    Transport transport() {
        return transport;
    }

    Staging staging() {
        return staging;
    }

    Output output() {
        return output;
    }

    // Reading.

    /// Reads up to a delimiter, at most [StreamOptions#LINE_BYTES_MAX] bytes.
    ///
    /// @return the bytes with the delimiter, exactly as they came; fails with
    ///   [UnsatisfiableReadException] if there are more before its end
    public LoopFuture<byte[]> readUntil(String delimiter) {
        return readUntil(delimiter, limits().lineBytesMax());
    }

    /// Reads up to a delimiter.
    ///
    /// @param bytesMax how many bytes there may be, the delimiter included
    public LoopFuture<byte[]> readUntil(String delimiter, int bytesMax) {
        // Before the goals are looked at, which all streams of the loop share.
        checkReader();
        return begin(staging.goals().until(delimiter, limits().checked(bytesMax)));
    }

    /// Reads up to a delimiter, at most [StreamOptions#LINE_BYTES_MAX] bytes.
    public LoopFuture<byte[]> readUntil(byte[] delimiter) {
        return readUntil(delimiter, limits().lineBytesMax());
    }

    /// Reads up to a delimiter. The search goes over each byte once, however slowly they come; with
    /// a delimiter of many bytes that resembles what is sent, once for each of its bytes.
    ///
    /// @param bytesMax how many bytes there may be, the delimiter included
    public LoopFuture<byte[]> readUntil(byte[] delimiter, int bytesMax) {
        return read(new ReadGoal.Until(new Needle(delimiter.clone()), limits().checked(bytesMax)));
    }

    /// Reads up to the end of the first match, at most [StreamOptions#LINE_BYTES_MAX] bytes.
    public LoopFuture<byte[]> readUntilRegex(Pattern pattern) {
        return readUntilRegex(pattern, limits().lineBytesMax());
    }

    /// Reads up to the end of the first match of a pattern, which sees each byte as one Latin-1
    /// character.
    ///
    /// The pattern is matched against what has come so far: `[0-9]+` is satisfied by the first
    /// digit that arrives alone, so end it with what ends the frame. Whenever bytes arrive it
    /// searches from the beginning, which costs up to `bytesMax` steps each time, and more if the
    /// pattern itself is costly; where a delimiter does, [#readUntil(String)] is cheaper.
    ///
    /// @param bytesMax how many bytes there may be, the match included
    public LoopFuture<byte[]> readUntilRegex(Pattern pattern, int bytesMax) {
        Objects.requireNonNull(pattern, "pattern");
        return read(new ReadGoal.Match(pattern, limits().checked(bytesMax)));
    }

    /// Reads a line of text, at most [StreamOptions#LINE_BYTES_MAX] bytes long.
    ///
    /// @return the line without its `\n` or `\r\n`; fails with [UnsatisfiableReadException] if it
    ///   is longer, or not UTF-8
    public LoopFuture<String> readLine() {
        return readLine(limits().lineBytesMax());
    }

    /// Reads a line of text.
    ///
    /// @param bytesMax how many bytes there may be, the end of the line included
    public LoopFuture<String> readLine(int bytesMax) {
        return read(new ReadGoal.Line(limits().checked(bytesMax)));
    }

    /// Reads exactly `count` bytes.
    ///
    /// @throws UnsatisfiableReadException if the read buffer may not hold so many; see
    ///   [StreamOptions#withReadBufferBytesMax], or [#readInto] for more
    /// @throws IllegalArgumentException if the count is negative
    public LoopFuture<byte[]> readBytes(int count) {
        return read(new ReadGoal.Exactly(limits().bufferable(count)));
    }

    /// Reads what there is, as soon as there is something.
    ///
    /// @param countMax how many bytes at most; of 0 nothing is awaited
    /// @return at least one byte, or none at the orderly end of input
    /// @throws IllegalArgumentException if the count is negative
    public LoopFuture<byte[]> readSome(int countMax) {
        return read(new ReadGoal.AtMost(ReadLimits.notNegative(countMax)));
    }

    /// Fills a buffer, of whatever size. It belongs to the stream until the read is done.
    ///
    /// Bytes go there as they come. If the input ends first, they are there, and the buffer's
    /// position tells how many; if the read is cancelled, they are the next read's, and the
    /// position is what it was.
    ///
    /// @param target filled from its position to its limit
    /// @return how many bytes that was
    public LoopFuture<Integer> readInto(ByteBuffer target) {
        return read(new ReadGoal.Fill(ReadLimits.writable(target)));
    }

    /// Moves what there is into a buffer, as soon as there is something. The buffer belongs to the
    /// stream until the read is done.
    ///
    /// @return how many bytes, at least 1 if there is room; or -1 at the orderly end of input
    public LoopFuture<Integer> readSomeInto(ByteBuffer target) {
        return read(new ReadGoal.FillSome(ReadLimits.writable(target)));
    }

    /// Reads everything up to the end, at most as much as the read buffer may hold.
    public LoopFuture<byte[]> readUntilClose() {
        return readUntilClose(limits().bufferBytesMax());
    }

    /// Reads everything until the peer ends its output, or the stream is closed on this side.
    ///
    /// @param bytesMax how many bytes there may be; beyond it, and after a failure of the
    ///   connection, the read fails
    public LoopFuture<byte[]> readUntilClose(int bytesMax) {
        return read(new ReadGoal.UntilClose(limits().checked(bytesMax)));
    }

    /// Reads exactly `count` bytes and leaves them to the next read.
    ///
    /// @throws UnsatisfiableReadException if the read buffer may not hold so many
    /// @throws IllegalArgumentException if the count is negative
    public LoopFuture<byte[]> peek(int count) {
        return read(new ReadGoal.Peek(limits().bufferable(count)));
    }

    private ReadLimits limits() {
        return options.readLimits();
    }

    private <T> LoopFuture<T> read(ReadGoal<T> goal) {
        checkReader();
        return begin(goal);
    }

    private void checkReader() {
        loop.checkThread("IOStream.read");
    }

    private <T> LoopFuture<T> begin(ReadGoal<T> goal) {
        LoopFuture<T> result = input.read(goal);
        updateWatch();
        return result;
    }

    // Writing.

    /// Queues bytes to be sent. The array must not be changed until they are.
    ///
    /// @return done when all bytes up to and including these are with the kernel; cancelling it
    ///   takes nothing back. On a stream that is closed it has failed.
    /// @throws StreamBufferFullException if [StreamOptions#WRITE_QUEUE_BYTES_MAX] bytes, or the
    ///   limit set instead, are queued already, or too many small writes for it
    public LoopFuture<@Nullable Void> write(byte[] bytes) {
        return write(new Piece.OfArray(bytes, newWrite()));
    }

    /// Queues text to be sent, as UTF-8.
    ///
    /// @return as for bytes
    /// @throws StreamBufferFullException as for bytes
    public LoopFuture<@Nullable Void> write(String text) {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Queues the bytes of several buffers to be sent, each from its position to its limit. The
    /// buffers keep theirs; their content must not be changed until it is sent.
    ///
    /// @return as for an array
    /// @throws StreamBufferFullException as for an array; then none of them was queued
    public LoopFuture<@Nullable Void> write(ByteBuffer... buffers) {
        if (buffers.length == 0) {
            return write(new byte[0]);
        }
        checkRoom();
        List<Piece> pieces = Piece.OfBuffer.each(this::newWrite, buffers);
        // All before any is sent: who sends may be suspended, and another writer come between.
        pieces.forEach(this::enqueue);
        attachment.queued();
        return pieces.getLast().sent;
    }

    /// Queues a part of a file to be sent. It is read from the disk by the loop when it is its
    /// turn, 64 KiB at a time, and holds the loop up for as long as that takes. The file must stay
    /// open until all is sent. An interrupted task that sends closes it, as the JDK has it for
    /// every channel. What is still on the disk does not count against the limit of the queue.
    ///
    /// If the file ends early, or cannot be read, what was written before is sent, and this fails;
    /// then the stream closes, for the peer waits for the rest, and would take for it what follows.
    ///
    /// @param position where the part begins, in bytes
    /// @param count how many bytes it has
    /// @return as for [#write(byte\[\])]
    public LoopFuture<@Nullable Void> sendFile(FileChannel file, long position, long count) {
        Objects.requireNonNull(file, "file");
        if (position < 0 || count < 0 || count > Piece.OfFile.END_MAX - position) {
            throw new IllegalArgumentException(
                    "%d bytes from position %d of a file were to be sent"
                            .formatted(count, position));
        }
        return write(new Piece.OfFile(file, position, count, newWrite()));
    }

    private LoopFuture<@Nullable Void> newWrite() {
        return new LoopFuture<>(loop, output);
    }

    private LoopFuture<@Nullable Void> write(Piece piece) {
        checkRoom();
        return append(piece);
    }

    private void checkRoom() {
        loop.checkThread("IOStream.write");
        if (isWritable()) {
            output.checkRoom(options.writeQueueBytesMax());
        }
    }

    private LoopFuture<@Nullable Void> append(Piece piece) {
        enqueue(piece);
        attachment.queued();
        return piece.sent;
    }

    private void enqueue(Piece piece) {
        if (!isWritable()) {
            end.refuse(piece);
        } else if (output.isEnding() && !(piece instanceof Piece.End)) {
            end.refuseAfterShutdown(piece);
        } else {
            output.add(piece);
        }
    }

    /// Sends what is queued now, as far as there is room, instead of at the end of the turn. Never
    /// needed for correctness.
    public void flush() {
        loop.checkThread("IOStream.flush");
        if (isWritable() && !output.isEmpty()) {
            attachment.send();
        }
    }

    /// Waits until the peer has kept up: at once while at most
    /// [StreamOptions#WRITE_HIGH_WATER_BYTES] are queued, else until no more than
    /// [StreamOptions#WRITE_LOW_WATER_BYTES] are; a write counts as 64 bytes at least. Fails when
    /// the stream closes, or a write has failed.
    public LoopFuture<@Nullable Void> drain() {
        loop.checkThread("IOStream.drain");
        if (!isWritable()) {
            return end.failed("drain came after that");
        }
        return output.drained(staging.done());
    }

    /// Ends the output: when everything queued is sent, the peer is told that nothing follows.
    /// Further writes fail; reading goes on. Harmless the second time.
    ///
    /// @return done when the peer was told
    public LoopFuture<@Nullable Void> shutdownOutput() {
        loop.checkThread("IOStream.shutdownOutput");
        return append(new Piece.End(newWrite()));
    }

    /// Copies everything that comes to `sink`, held up when its peer is slow, and ends its output
    /// at the end of this input. From now on, the end of input leaves this stream's own output
    /// open, so that two of these make a proxy.
    ///
    /// @return the number of bytes, once they are queued; cancelling it stops the copying
    /// @throws IllegalArgumentException if the two belong to different loops
    public LoopFuture<Long> pipeTo(IOStream sink) {
        loop.checkThread("IOStream.pipeTo");
        if (sink.loop != loop) {
            throw new IllegalArgumentException(
                    "%s is on %s, and cannot be piped to %s on %s"
                            .formatted(this, loop, sink, sink.loop));
        }
        input.endLeavesOutputOpen();
        Pipe pipe = new Pipe(this, sink, staging.pipes());
        return loop.spawn("pipe to " + sink, pipe::run);
    }

    // TLS.

    /// Goes over to TLS as the server of the connection, on this same stream; see
    /// [#startTls(TlsOptions, String)].
    ///
    /// @param options those of a [server][TlsOptions#server]
    public LoopFuture<TlsSession> startTls(TlsOptions options) {
        loop.checkThread("IOStream.startTls");
        return startTls(TlsTransport.server(loop, transport, options, this::close));
    }

    /// Goes over to TLS as the client of the connection, on this same stream. What is read and
    /// written from now on waits for the handshake and passes through it.
    ///
    /// Bytes that have come already are taken as the peer's first record, never as plain text that
    /// came under protection.
    ///
    /// @param options those of a [client][TlsOptions#client]
    /// @param host the name that the server must prove to have, and is asked for (SNI); of a
    ///   numeric address, the address that its certificate must be for
    /// @return done when the handshake is over. If it fails, so does the stream, and the cause of
    ///   the [StreamClosedException] says why. Cancelling it, by a time-out for instance, closes
    ///   the stream.
    /// @throws IllegalStateException if a read is outstanding, something was written that the
    ///   kernel has not taken, or the stream has TLS already
    public LoopFuture<TlsSession> startTls(TlsOptions options, String host) {
        loop.checkThread("IOStream.startTls");
        Objects.requireNonNull(host, "host");
        return startTls(TlsTransport.client(loop, transport, options, host, this::close));
    }

    /// From here on nothing calls out, so that nobody reads or writes in between.
    private LoopFuture<TlsSession> startTls(TlsTransport newTls) {
        flush();
        if (!isWritable()) {
            close();
            end.fail(newTls.handshake(), "TLS was to be started after that");
            return newTls.handshake();
        }
        if (input.hasReader() || !output.isEmpty() || tls != null) {
            throw new IllegalStateException(
                    "%s is not ready for TLS: a read is outstanding, or a write, or it has TLS"
                            .formatted(this));
        }
        if (input.isEnded()) {
            close(new SSLException("the peer had ended its output before TLS began"));
            end.fail(newTls.handshake(), "TLS was to be started after that");
            return newTls.handshake();
        }
        newTls.takeOver(input.drain());
        transport = newTls;
        tls = newTls;
        attachment.isReplaced();
        try {
            newTls.attach(loop, attachment);
        } catch (Throwable e) {
            close(BrokenTransport.reason(this, e));
        }
        updateWatch();
        return newTls.handshake();
    }

    /// Returns what the two sides have agreed on, once the handshake of [#startTls] is over.
    public Optional<TlsSession> tls() {
        return tls == null ? Optional.empty() : tls.session();
    }

    // Closing: at once, or once all is sent; and who wants to know of it.

    /// Closes the stream. What is queued gets one last attempt to be sent; what the kernel does not
    /// take at once is lost, so to be sure of it use [#closeAfterFlush]. What has come can still be
    /// read. Harmless the second time.
    @Override
    public void close() {
        loop.checkThread("IOStream.close");
        close(new ClosedChannelException());
    }

    /// Sends what is queued, ends the output, throws away what still comes until the peer has ended
    /// too, so that the kernel sends it no reset, and closes.
    ///
    /// @return done when the stream is closed, also if that came of a failure. Cancelling it, by
    ///   `await(Duration)` for instance, closes at once.
    public LoopFuture<@Nullable Void> closeAfterFlush() {
        loop.checkThread("IOStream.closeAfterFlush");
        if (!isWritable()) {
            close();
            return staging.done();
        }
        LoopFuture<@Nullable Void> result = new LoopFuture<>(loop, end);
        onClose(cause -> result.complete(null));
        phase = StreamPhase.LINGERING;
        input.discard();
        if (!output.isEnding()) {
            append(new Piece.End(newWrite()));
        }
        closeIfBothEnded();
        updateWatch();
        return result;
    }

    /// Calls a listener once the stream is closed, whoever closed it, in a later step; also if it
    /// is closed already.
    ///
    /// @param listener gets the reason
    public void onClose(Consumer<? super StreamClosedException> listener) {
        closed().onDone(listener, failure -> {});
    }

    /// Returns a future of the reason why the stream was closed, the same for all who ask.
    public LoopFuture<StreamClosedException> closed() {
        loop.checkThread("IOStream.closed");
        return end.closed();
    }

    /// Closes the stream for the first of all reasons: this one, or why nothing could be sent any
    /// more.
    void close(IOException reason) {
        if (!isOpen()) {
            return;
        }
        boolean wasWritable = isWritable();
        phase = StreamPhase.CLOSED;
        IOException cause = end.because(reason);
        if (wasWritable
                && (cause instanceof EOFException || cause instanceof ClosedChannelException)) {
            sendLast();
        }
        if (lastWords != null) {
            lastWords.over();
        }
        BrokenTransport.close(this, transport);
        input.end(cause);
        output.fail(cause);
        if (tls != null) {
            end.fail(tls.handshake(), "the TLS handshake was not over");
        }
        end.tell();
        staging.pipes().sinkFailed(this);
    }

    private void sendLast() {
        try {
            output.send(transport, staging);
        } catch (Throwable e) {
            // The stream closes anyway, and those who wrote are told that it did.
            BrokenTransport.reason(this, e);
        }
    }

    private void closeIfBothEnded() {
        if (input.isEnded() && output.isEnded()) {
            close(new EOFException("both ends have ended"));
        }
    }

    // What the transport tells: input, the end of it, failed output, room to send.

    void receive() {
        if (!needsInput()) {
            // The transport watches for input until now, when input shows that nobody has asked
            // for: mostly the next read comes first.
            attachment.watch(needed());
            return;
        }
        try {
            int count = input.receive(transport, staging, limits().bufferBytesMax());
            if (count == Transport.END && isOpen()) {
                inputEnded();
            }
        } catch (Throwable e) {
            close(BrokenTransport.reason(this, e));
        }
    }

    private void inputEnded() {
        EOFException cause = new EOFException("the peer has ended its output");
        if (!isWritable()) {
            close(cause);
            return;
        }
        input.end(cause);
        if (input.endsOutput() && !isLingering()) {
            close(cause);
        }
        closeIfBothEnded();
    }

    /// Called when the transport takes nothing any more. The stream closes at once, or when what
    /// had come before is taken in ([StreamPhase]).
    void outputFailed(IOException cause) {
        if (!isWritable()) {
            return;
        }
        if (input.isEnded() || isLingering()) {
            close(cause);
            return;
        }
        phase = StreamPhase.OUTPUT_FAILED;
        end.because(cause);
        // The outstanding read ends first, as at every end of a stream.
        receive();
        output.fail(cause);
        staging.pipes().sinkFailed(this);
        if (isOpen()) {
            lastWords = new LastWords(this);
        }
    }

    /// Called when the transport was offered what is queued, and what it took is sent.
    void hasSent() {
        closeIfBothEnded();
        updateWatch();
    }

    private boolean needsInput() {
        return !input.isEnded()
                && (isLingering()
                        || input.wantsMore()
                        || (!isWritable() && input.hasRoom(limits().bufferBytesMax())));
    }

    private int needed() {
        return (needsInput() ? IOLoop.READ : IOLoop.NONE)
                | (output.isBlocked() ? IOLoop.WRITE : IOLoop.NONE);
    }

    void updateWatch() {
        attachment.watchAlso(needed());
    }

    // What a stream tells of itself: state, addresses, counts; and the options of its socket.

    /// Returns whether the stream has not been closed, by either side. One whose writes fail is
    /// still open as long as something that had come before is to be read.
    public boolean isOpen() {
        return phase != StreamPhase.CLOSED;
    }

    /// Returns whether something can still be sent.
    boolean isWritable() {
        return phase == StreamPhase.OPEN || isLingering();
    }

    private boolean isLingering() {
        return phase == StreamPhase.LINGERING;
    }

    /// Returns the loop that the stream belongs to.
    public IOLoop loop() {
        return loop;
    }

    /// Returns the address of this end, also after the end.
    public SocketAddress localAddress() {
        return transport.localAddress();
    }

    /// Returns the address of the peer, also after the end.
    public SocketAddress remoteAddress() {
        return transport.remoteAddress();
    }

    /// Returns how many bytes have come.
    public long bytesIn() {
        return input.received();
    }

    /// Returns how many bytes were handed to the kernel.
    public long bytesOut() {
        return output.sent();
    }

    /// Returns how many bytes wait to be sent.
    public long bytesQueued() {
        return output.queued();
    }

    /// Sets an option of the socket. `TCP_NODELAY` is on already.
    ///
    /// @throws UnsupportedOperationException if the transport has no such option
    /// @throws UncheckedIOException if the connection has failed
    public <T> void setOption(SocketOption<T> option, T value) {
        loop.checkThread("IOStream.setOption");
        try {
            transport.setOption(option, value);
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot set %s".formatted(this, option), e);
        }
    }

    @Override
    public String toString() {
        return "IOStream[" + PeerText.of(transport) + "]";
    }
}

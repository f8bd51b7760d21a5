package dev.gyre.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Future;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// TLS over another transport.
///
/// **What it waits for** is asked of the engine each time, and not kept:
///
/// ```text
/// engine says          this transport                      watches below
/// NEED_TASK            runs its tasks off the loop          nothing
/// NEED_WRAP            makes a record and sends it          room, if there is none
/// NEED_UNWRAP          takes a record in                    input
/// NOT_HANDSHAKING      moves the stream's bytes             what the stream asks for
/// ```
///
/// So a handshake, a ticket after it and an update of keys are one case, and a stream that wants to
/// write before the handshake is over does not make the loop spin.
///
/// **Writing.** The bytes of the stream become records, and count as written when the records are
/// with the transport below. When that has no room for all of them, the rest waits here, and the
/// stream, which offers the same bytes again, is told then that they are gone.
///
/// **Buffers.** Records are made and opened in buffers borrowed for a step. An idle connection
/// holds none, but the beginning of a record that has not come whole, in an array of its size.
///
/// **Suspension.** The engine runs code of providers, and so in coroutines only. One can be
/// suspended inside it, and meanwhile another may write to the stream or close it. It finds the
/// transport `busy`, does nothing, and what it wanted is made up for.
final class TlsTransport implements Transport {

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Transport below;
    private final SSLEngine engine;
    private final IOLoop loop;
    private final Staging staging;
    private final LoopFuture<TlsSession> handshake;

    /// Who hears of readiness; set by [#attach].
    private @Nullable Target target;

    /// What the stream asks for.
    private int wanted;

    /// Received and not opened: the beginning of a record, or records that nobody read yet.
    private ByteBuffer received;

    /// Opened and not read: what did not fit where the stream wanted it.
    private ByteBuffer opened = EMPTY;

    /// Records that are not with the transport below, and how many bytes of the stream are in them.
    private ByteBuffer unsent = EMPTY;

    private int unsentBytes;

    /// Whether `received` may hold a whole record, which no readiness below will tell of.
    private boolean mayHoldRecord;

    /// Whether a step is under way; another that finds this does nothing but set `missed`.
    private boolean busy;

    private boolean missed;

    /// Whether tasks of the engine are under way elsewhere.
    private boolean tasksRunning;

    /// Whether readiness is about to be told, since it does not come from below.
    private boolean telling;

    /// Whether the output of the transport below ends once `unsent` is sent.
    private boolean ending;

    private boolean closed;

    /// Why nothing works any more; null while all is well.
    private @Nullable IOException failure;

    /// @param received what has come already, as records
    /// @param onCancel gives the handshake up
    TlsTransport(
            IOLoop loop, Transport below, SSLEngine engine, byte[] received, Runnable onCancel) {
        this.loop = loop;
        this.below = below;
        this.engine = engine;
        this.staging = Staging.of(loop);
        this.received = received.length == 0 ? EMPTY : ByteBuffer.wrap(received);
        this.mayHoldRecord = received.length > 0;
        this.handshake = new LoopFuture<>(loop, onCancel);
    }

    /// Begins TLS as a server.
    ///
    /// @throws SSLException if the engine cannot begin, because of what it was told
    static TlsTransport server(
            IOLoop loop, Transport below, TlsOptions options, byte[] received, Runnable onCancel)
            throws SSLException {
        SSLEngine engine = options.serverContext().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(options.serverParameters(engine.getSSLParameters()));
        engine.beginHandshake();
        return new TlsTransport(loop, below, engine, received, onCancel);
    }

    /// Begins TLS as a client of `host`.
    ///
    /// @throws SSLException if the engine cannot begin, because of what it was told
    static TlsTransport client(
            IOLoop loop,
            Transport below,
            TlsOptions options,
            String host,
            byte[] received,
            Runnable onCancel)
            throws SSLException {
        // The port would only name the session, for those that are resumed.
        SSLEngine engine = options.clientContext().createSSLEngine(host, -1);
        engine.setUseClientMode(true);
        engine.setSSLParameters(options.clientParameters(engine.getSSLParameters(), host));
        engine.beginHandshake();
        return new TlsTransport(loop, below, engine, received, onCancel);
    }

    /// Returns what is done with the handshake. Its failure is that of the stream.
    LoopFuture<TlsSession> handshake() {
        return handshake;
    }

    /// Returns what was agreed on, once the handshake is over.
    Optional<TlsSession> session() {
        return handshake.state() == Future.State.SUCCESS
                ? Optional.of(handshake.resultNow())
                : Optional.empty();
    }

    @Override
    public void attach(IOLoop ownLoop, Target newTarget) {
        target = newTarget;
        below.attach(loop, new Below());
        tellLater();
    }

    /// Hears from the transport below. It must be called in coroutines, so it is not bare.
    private final class Below implements Target {

        @Override
        public void ready(int events) {
            step(events);
        }

        @Override
        public boolean isBare() {
            return false;
        }
    }

    // Steps: what this transport does by itself.

    /// Goes on with whatever can go on, and tells the stream what it may do now.
    private void step(int events) {
        if (closed || isHeldUp()) {
            return;
        }
        boolean wasOpen = handshake.isDone();
        busy = true;
        try {
            flush();
            if (!handshake.isDone() && converse(null) == END) {
                throw truncated();
            }
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(new SSLException("the TLS engine failed: " + e, e));
        } finally {
            busy = false;
        }
        boolean tellsAll = failure != null || (!wasOpen && handshake.isDone());
        afterStep(tellsAll ? IOLoop.READ | IOLoop.WRITE : events);
    }

    private boolean isHeldUp() {
        if (busy || tasksRunning) {
            missed = true;
            return true;
        }
        return false;
    }

    private void afterStep(int events) {
        int told = events & wanted;
        if (target != null && told != 0 && (handshake.isDone() || failure != null) && !closed) {
            target.ready(told);
        }
        makeUp();
    }

    /// Does what was asked for while a step was under way, and watches for what comes next.
    private void makeUp() {
        if (missed && !busy && !tasksRunning) {
            missed = false;
            tellLater();
        }
        if (!closed) {
            below.watch(needed());
        }
    }

    private int needed() {
        if (busy || tasksRunning || failure != null) {
            return IOLoop.NONE;
        }
        int output = unsent.hasRemaining() ? IOLoop.WRITE : IOLoop.NONE;
        if (!handshake.isDone()) {
            boolean reads =
                    engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_UNWRAP;
            return output | (reads ? IOLoop.READ : IOLoop.NONE);
        }
        return output | wanted;
    }

    private void tellLater() {
        if (!telling && !closed) {
            telling = true;
            loop.addCallback(() -> {
                telling = false;
                step(wanted);
            });
        }
    }

    private void fail(IOException e) {
        if (failure == null) {
            failure = e;
            busy = false;
            sayGoodbye();
        }
    }

    // The conversation of the engines.

    /// Exchanges records until the engine waits for something. Gives plain bytes where there is
    /// somewhere to put them.
    ///
    /// @param plain gets the bytes; null during the handshake, when there are none
    /// @return how many bytes, or [#END]
    private int converse(@Nullable ByteBuffer plain) throws IOException {
        ByteBuffer records = staging.borrow();
        try {
            records.put(received).flip();
            received = EMPTY;
            return new Conversation(records, plain).run();
        } finally {
            // The rest is kept, in an array of its size.
            if (records.hasRemaining()) {
                received = ByteBuffer.allocate(records.remaining()).put(records).flip();
            }
            staging.giveBack(records);
        }
    }

    /// One exchange, which takes input from below once at most.
    private final class Conversation {

        /// Between position and limit: records that have come.
        private final ByteBuffer records;

        private final @Nullable ByteBuffer plain;
        private boolean hasRead;
        private int given;

        /// Whether `records` may hold a whole record.
        private boolean hasUnopened;

        Conversation(ByteBuffer records, @Nullable ByteBuffer plain) {
            this.records = records;
            this.plain = plain;
            this.hasUnopened = records.hasRemaining();
        }

        int run() throws IOException {
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> {
                        runTasks();
                        // Nothing more is asked of the engine, which the tasks have now.
                        return given;
                    }
                    case NEED_WRAP -> {
                        if (unsent.hasRemaining() || !sealHandshake()) {
                            return outcome();
                        }
                    }
                    default -> {
                        finishHandshake();
                        if ((handshake.isDone() && plain == null) || isFull() || !takeRecord()) {
                            return outcome();
                        }
                    }
                }
            }
        }

        private int outcome() {
            boolean isEnd = engine.isInboundDone();
            // The end is told by itself, after the last bytes.
            mayHoldRecord = hasUnopened || (isEnd && given > 0);
            return given == 0 && isEnd ? END : given;
        }

        private boolean isFull() {
            return plain != null && (!plain.hasRemaining() || opened.hasRemaining());
        }

        /// Opens a record, and returns whether to go on.
        private boolean takeRecord() throws IOException {
            ByteBuffer room = staging.borrow();
            try {
                SSLEngineResult result = engine.unwrap(records, room);
                give(room.flip());
                return switch (result.getStatus()) {
                    case OK -> true;
                    case CLOSED -> false;
                    case BUFFER_UNDERFLOW -> receive();
                    case BUFFER_OVERFLOW ->
                            throw new SSLException("a TLS record is larger than it may be");
                };
            } finally {
                staging.giveBack(room);
            }
        }

        private void give(ByteBuffer bytes) {
            if (plain == null || !bytes.hasRemaining()) {
                return;
            }
            int count = Math.min(bytes.remaining(), plain.remaining());
            plain.put(plain.position(), bytes, bytes.position(), count);
            plain.position(plain.position() + count);
            bytes.position(bytes.position() + count);
            given += count;
            if (bytes.hasRemaining()) {
                opened = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            }
        }

        /// Takes input from below, and returns whether there was any.
        private boolean receive() throws IOException {
            if (hasRead) {
                hasUnopened = false;
                return false;
            }
            hasRead = true;
            records.compact();
            int count;
            try {
                count = below.read(records);
            } finally {
                records.flip();
            }
            if (count == END) {
                throw truncated();
            }
            hasUnopened = count > 0;
            return hasUnopened;
        }
    }

    private IOException truncated() {
        return new SSLException(
                handshake.isDone()
                        ? "the peer ended the connection without a TLS close_notify,"
                                + " so what it sent may be cut short"
                        : "the peer ended the connection during the TLS handshake");
    }

    private void finishHandshake() {
        boolean isOver =
                engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
        if (isOver && !handshake.isDone()) {
            handshake.complete(TlsSession.of(engine.getSession(), engine.getApplicationProtocol()));
        }
    }

    private void runTasks() {
        tasksRunning = true;
        loop.runInExecutor(this::runDelegatedTasks)
                .onDone(
                        done -> {
                            tasksRunning = false;
                            step(wanted);
                        },
                        cause -> {
                            tasksRunning = false;
                            failure = new SSLException("a task of the TLS engine failed", cause);
                            step(wanted);
                        });
    }

    private boolean runDelegatedTasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
        return true;
    }

    // Sealing and sending.

    /// Makes one record of the handshake and sends it; returns whether it is with the transport
    /// below.
    private boolean sealHandshake() throws IOException {
        ByteBuffer record = staging.borrow();
        try {
            SSLEngineResult result = engine.wrap(EMPTY.duplicate(), record);
            return send(record.flip(), 0) && result.getStatus() != SSLEngineResult.Status.CLOSED;
        } finally {
            staging.giveBack(record);
        }
    }

    /// Sends records, and keeps what there is no room for.
    ///
    /// @param bytes how many bytes of the stream are in them
    private boolean send(ByteBuffer records, int bytes) throws IOException {
        below.write(records);
        if (!records.hasRemaining()) {
            return true;
        }
        unsent = ByteBuffer.allocate(records.remaining()).put(records).flip();
        unsentBytes = bytes;
        return false;
    }

    /// Sends the records that were kept, and returns whether none is left.
    private boolean flush() throws IOException {
        if (unsent.hasRemaining()) {
            below.write(unsent);
        }
        if (unsent.hasRemaining()) {
            return false;
        }
        unsent = EMPTY;
        if (ending) {
            ending = false;
            below.shutdownOutput();
        }
        return true;
    }

    // What the stream asks for.

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (opened.hasRemaining()) {
            return takeOpened(into);
        }
        throwFailure();
        if (!handshake.isDone() || isHeldUp()) {
            return 0;
        }
        busy = true;
        try {
            return converse(into);
        } catch (IOException e) {
            fail(e);
            throw e;
        } finally {
            busy = false;
            if (mayHoldRecord || opened.hasRemaining()) {
                tellLater();
            }
            makeUp();
        }
    }

    private int takeOpened(ByteBuffer into) {
        int count = Math.min(opened.remaining(), into.remaining());
        into.put(into.position(), opened, opened.position(), count);
        into.position(into.position() + count);
        opened.position(opened.position() + count);
        if (!opened.hasRemaining()) {
            opened = EMPTY;
        }
        if (mayHoldRecord || opened.hasRemaining()) {
            tellLater();
        }
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        throwFailure();
        if (!handshake.isDone() || isHeldUp()) {
            return 0;
        }
        busy = true;
        int start = source.position();
        try {
            if (!flush()) {
                return 0;
            }
            // These are the bytes at the front of what is offered again.
            source.position(start + unsentBytes);
            unsentBytes = 0;
            sealAll(source);
            return source.position() - start;
        } catch (IOException e) {
            fail(e);
            throw e;
        } finally {
            busy = false;
            makeUp();
        }
    }

    private void sealAll(ByteBuffer source) throws IOException {
        ByteBuffer records = staging.borrow();
        try {
            boolean hasRoom = true;
            while (source.hasRemaining() && hasRoom) {
                int start = source.position();
                seal(source, records.clear());
                int count = source.position() - start;
                hasRoom = count > 0 && send(records.flip(), count);
                if (!hasRoom) {
                    source.position(start);
                }
            }
        } finally {
            staging.giveBack(records);
        }
    }

    /// Fills `records` with as many records as have room.
    private void seal(ByteBuffer source, ByteBuffer records) throws IOException {
        int packetSize = engine.getSession().getPacketBufferSize();
        while (source.hasRemaining() && records.remaining() >= packetSize) {
            SSLEngineResult result = engine.wrap(source, records);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new SSLException("the TLS connection is closed for writing");
            }
            if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                return;
            }
        }
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void watch(int events) {
        wanted = events;
        if ((events & IOLoop.READ) != 0 && (mayHoldRecord || opened.hasRemaining())) {
            tellLater();
        }
        if (!busy && target != null) {
            below.watch(needed());
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        engine.closeOutbound();
        sealGoodbye();
        ending = true;
        flush();
        makeUp();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        sayGoodbye();
        below.close();
    }

    /// Tries to send what an end calls for: `close_notify`, or the alert that tells what was wrong.
    private void sayGoodbye() {
        if (tasksRunning || busy) {
            // The engine would make this wait for what is under way.
            return;
        }
        try {
            if (flush()) {
                engine.closeOutbound();
                sealGoodbye();
            }
        } catch (IOException e) {
            // The peer does not want to hear it.
            return;
        }
    }

    private void sealGoodbye() throws IOException {
        while (!unsent.hasRemaining() && !engine.isOutboundDone()) {
            if (!sealHandshake()) {
                return;
            }
        }
    }

    @Override
    public boolean isBare() {
        return false;
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

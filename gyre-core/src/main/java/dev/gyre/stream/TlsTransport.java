package dev.gyre.stream;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// TLS over another transport.
///
/// **Phases.** What happens within HANDSHAKE and OPEN follows from what the engine said last, by
/// [TlsTransportMove]; so a handshake, a ticket after it and an update of keys are one case.
///
/// ```text
/// phase       what this transport does                        the stream reads and writes
/// BEGINNING   nothing, up to the next step                     nothing yet: both give 0
/// HANDSHAKE   talks to the peer's engine                       nothing yet: both give 0
/// OPEN        seals and opens what the stream moves            bytes, and END after close_notify;
///                                                              if nothing can be sent any more,
///                                                              writes fail, and reads go on
/// BROKEN      has told the peer by an alert, if it could       what was opened; then the failure
/// CLOSED      nothing                                          nothing
/// ```
///
/// HANDSHAKE goes back to BEGINNING, once at most, for another engine if the first would resume
/// what it may not ([TlsTransportSessions]), to OPEN when the engine is content, each of them to
/// BROKEN with the first failure, and all to CLOSED. The end of the input below is a failure too,
/// unless `close_notify` came before it: somebody else may have cut it off.
///
/// **What it watches below** follows from that, not from what the stream wants alone:
///
/// ```text
/// BEGINNING, BROKEN, or the engine is at work        nothing
/// records are unsent                                 room
/// HANDSHAKE, and the engine waits for the peer       input
/// OPEN                                               what the stream wants, but no input while
///                                                    the engine must send something first
/// ```
///
/// So a stream that wants to write before the handshake is over does not make the loop spin.
///
/// **Writing.** The bytes of the stream become records, and count as written when the records are
/// with the transport below. When that has no room for all of them, the rest waits here, and the
/// stream, which offers the same bytes again, is told then that they are gone.
///
/// **Two at once.** The engine runs code of providers, and so in coroutines only. One of them may
/// be suspended inside it, and meanwhile another may write to the stream, or close it; the tasks of
/// the engine run on another thread. Whoever comes while it is so [Busy] finds that nothing moves,
/// and what it wanted is made up for afterwards.
final class TlsTransport implements Transport {

    private enum Phase {
        BEGINNING,
        HANDSHAKE,
        OPEN,
        BROKEN,
        CLOSED
    }

    /// Who has the engine.
    private enum Busy {
        /// Nobody.
        NO,
        /// A step of this transport, which may be suspended.
        STEP,
        /// Its own tasks, off the loop.
        TASKS
    }

    /// How far the end of the output has come.
    private enum Ending {
        NOT_WANTED,
        WANTED,
        TOLD
    }

    private final IOLoop loop;
    private final Transport below;
    private final TlsTransportRecords records;
    private final LoopFuture<TlsSession> handshake;

    /// Whether a session may be resumed; null for a client, which resumes none, and for a server
    /// whose clients show no certificates.
    private final @Nullable TlsTransportSessions sessions;

    /// Gives way to another engine if it resumes a session that may not be resumed.
    private SSLEngine engine;

    private Phase phase = Phase.BEGINNING;
    private Busy busy = Busy.NO;
    private Ending ending = Ending.NOT_WANTED;

    /// Who is told of readiness; null before [#attach].
    private @Nullable Target target;

    /// What the stream asks for.
    private int wanted;

    /// What is watched below.
    private int watched;

    /// What the stream, or the transport below, wanted to do while the engine was busy.
    private int missed;

    /// What the stream is about to be told, since no readiness below tells it.
    private int telling;

    /// Whether the callback that tells it is queued.
    private boolean tellingIsQueued;

    /// Why the phase is BROKEN; null in the phases before.
    private @Nullable IOException failure;

    /// Whether the session speaks TLS 1.3; has no meaning before OPEN.
    private boolean isTls13;

    private TlsTransport(
            IOLoop loop,
            Transport below,
            SSLEngine engine,
            @Nullable TlsTransportSessions sessions,
            Runnable onCancel) {
        this.loop = loop;
        this.below = below;
        this.engine = engine;
        this.sessions = sessions;
        this.records = new TlsTransportRecords(below, engine, Staging.of(loop));
        this.handshake = new LoopFuture<>(loop, onCancel);
    }

    /// Makes the transport of a server. Nothing happens before [#attach].
    ///
    /// @param onCancel gives the handshake up
    /// @throws IllegalStateException if the options are not those of a server
    static TlsTransport server(
            IOLoop loop, Transport below, TlsOptions options, Runnable onCancel) {
        options.checkServer();
        TlsContexts.Generation current = options.contexts().current();
        SSLEngine engine = serverEngine(options, current.context());
        if (!options.checksClients()) {
            return new TlsTransport(loop, below, engine, null, onCancel);
        }
        TlsTransportSessions sessions = new TlsTransportSessions(options, current);
        TlsTransport transport = new TlsTransport(loop, below, engine, sessions, onCancel);
        transport.records.keepHello();
        return transport;
    }

    static SSLEngine serverEngine(TlsOptions options, SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(options.serverParameters(engine.getSSLParameters()));
        return engine;
    }

    /// Makes the transport of a client of the host `name`. Nothing happens before [#attach].
    ///
    /// @param onCancel gives the handshake up
    /// @throws IllegalStateException if the options are not those of a client
    static TlsTransport client(
            IOLoop loop, Transport below, TlsOptions options, String name, Runnable onCancel) {
        // A dot at the end, which makes a name absolute, is no part of it (RFC 6066, section 3).
        String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        options.checkClient();
        // The port would only name the session, for those that are resumed. None is without it, and
        // so the server's certificate is checked in each handshake: by whom, until when and for
        // which host.
        SSLEngine engine = options.contexts().current().context().createSSLEngine(host, -1);
        engine.setUseClientMode(true);
        engine.setSSLParameters(options.clientParameters(engine.getSSLParameters(), host));
        return new TlsTransport(loop, below, engine, null, onCancel);
    }

    /// Takes what has come already as the first records. Before [#attach].
    void takeOver(byte[] received) {
        records.takeOver(received);
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
        tellLater(IOLoop.NONE);
    }

    /// The ear at the transport below. It must be called in coroutines, so it is not bare.
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

    // Steps: what this transport does of its own accord.

    /// Goes on with whatever can go on, and tells the stream what it may do now.
    private void step(int events) {
        if (phase == Phase.CLOSED || !begin(events)) {
            return;
        }
        boolean wasOpen = phase == Phase.OPEN;
        try {
            if (phase == Phase.BEGINNING) {
                // The handshake begins no earlier: a client makes its first record now, and may be
                // suspended in that.
                phase = Phase.HANDSHAKE;
                engine.beginHandshake();
                records.ask();
            }
            if (phase != Phase.BROKEN) {
                // What is left unsent does not keep the engine from reading: the peer may be held
                // up until then.
                records.flush();
                converse(TlsTransportRecords.EMPTY);
                endOutput();
            }
        } catch (Throwable e) {
            fail(e);
        } finally {
            end();
        }
        boolean isNews = phase == Phase.BROKEN || (phase == Phase.OPEN && !wasOpen);
        tell(isNews ? IOLoop.READ | IOLoop.WRITE : events);
    }

    private void tell(int events) {
        boolean isOver = phase == Phase.OPEN || phase == Phase.BROKEN;
        int told = (events | (records.hasMore() ? IOLoop.READ : IOLoop.NONE)) & wanted;
        if (isOver && told != 0 && target != null) {
            target.ready(told);
        }
    }

    private void tellLater(int events) {
        telling |= events;
        if (!tellingIsQueued) {
            tellingIsQueued = true;
            loop.addCallback(() -> {
                int told = telling;
                telling = IOLoop.NONE;
                tellingIsQueued = false;
                step(told);
            });
        }
    }

    /// Takes the engine, if nobody has it; else notes what was wanted.
    private boolean begin(int events) {
        if (busy == Busy.NO) {
            busy = Busy.STEP;
            return true;
        }
        missed |= events;
        watchBelow();
        return false;
    }

    /// Lets go of the engine, unless its tasks have it now.
    private void end() {
        records.endStep();
        if (busy == Busy.STEP) {
            busy = Busy.NO;
        }
        makeUp();
    }

    private void makeUp() {
        if (busy == Busy.NO && missed != 0) {
            int events = missed;
            missed = 0;
            tellLater(events);
        }
        watchBelow();
    }

    private void watchBelow() {
        if (phase == Phase.CLOSED || target == null) {
            return;
        }
        int needed = needed();
        if (needed != watched) {
            watched = needed;
            below.watch(needed);
        }
    }

    private int needed() {
        if (busy != Busy.NO || phase == Phase.BEGINNING || phase == Phase.BROKEN) {
            return IOLoop.NONE;
        }
        TlsTransportMove next = nextMove();
        int output = records.hasUnsent() ? IOLoop.WRITE : IOLoop.NONE;
        if (phase == Phase.HANDSHAKE) {
            return output | (next == TlsTransportMove.OPEN ? IOLoop.READ : IOLoop.NONE);
        }
        boolean mustSend = next == TlsTransportMove.SEAL && records.hasUnsent();
        return output | (mustSend ? wanted & ~IOLoop.READ : wanted);
    }

    private TlsTransportMove nextMove() {
        if (phase == Phase.HANDSHAKE) {
            return TlsTransportMove.duringHandshake(records.status());
        }
        // After the end of the input the engine would still ask for records.
        return records.isInputOver()
                ? TlsTransportMove.REST
                : TlsTransportMove.afterHandshake(records.status(), own());
    }

    private TlsTransportMove.Own own() {
        if (records.isOutputOver() || records.refusal() != null) {
            return TlsTransportMove.Own.OVER;
        }
        return isTls13 || ending == Ending.WANTED
                ? TlsTransportMove.Own.ALLOWED
                : TlsTransportMove.Own.NOTHING;
    }

    /// Exchanges records until there is nothing to do but wait, and asks below for input once at
    /// most, so that a peer which floods this connection does not own the loop.
    ///
    /// @param into gets the bytes; without room, nothing is opened after the handshake
    private void converse(ByteBuffer into) throws IOException {
        boolean mayReceive = true;
        while (phase == Phase.HANDSHAKE || phase == Phase.OPEN) {
            switch (nextMove()) {
                case RUN_TASKS -> {
                    runTasks();
                    return;
                }
                case SEAL -> {
                    if (!records.sealOwn() && !goesOnWithoutOutput()) {
                        return;
                    }
                }
                case OPEN -> {
                    if (phase == Phase.OPEN && !into.hasRemaining()) {
                        return;
                    }
                    TlsTransportRecords.Opened result = records.open(into);
                    if (result == TlsTransportRecords.Opened.NO_ROOM) {
                        return;
                    }
                    if (result == TlsTransportRecords.Opened.STARVED) {
                        if (!mayReceive || !receive()) {
                            return;
                        }
                        mayReceive = false;
                    }
                }
                case REFUSE -> throw new SSLException("the peer asked for a second TLS handshake");
                case REST -> {
                    if (phase == Phase.OPEN) {
                        return;
                    }
                    finishHandshake();
                }
            }
        }
    }

    /// Returns whether the transport below takes nothing any more, and there is still something to
    /// do: to open what the peer had said before.
    ///
    /// @throws IOException during the handshake, which ends here
    private boolean goesOnWithoutOutput() throws IOException {
        IOException refusal = records.refusal();
        if (refusal != null && phase == Phase.HANDSHAKE) {
            throw refusal;
        }
        return refusal != null;
    }

    private boolean receive() throws IOException {
        int count = records.receive();
        if (count == END) {
            IOException refusal = records.refusal();
            if (refusal != null) {
                // The reset that a write has met is the reason; a kernel tells of it once.
                throw refusal;
            }
            throw new SSLException(
                    phase == Phase.OPEN
                            ? "the peer ended the connection without a TLS close_notify,"
                                    + " so what it sent may be cut short"
                            : "the peer ended the connection during the TLS handshake");
        }
        return count > 0;
    }

    private void finishHandshake() throws IOException {
        if (records.isInputOver()) {
            throw new SSLException("the peer ended the connection during the TLS handshake");
        }
        TlsSession session = TlsSession.of(engine.getSession(), engine.getApplicationProtocol());
        isTls13 = session.protocol().equals("TLSv1.3");
        phase = Phase.OPEN;
        handshake.complete(session);
    }

    private void runTasks() {
        busy = Busy.TASKS;
        loop.runInExecutor(this::runDelegatedTasks)
                .onDone(this::goOnWith, failed -> tasksDone(failed));
    }

    /// Returns the engine that goes on.
    private SSLEngine runDelegatedTasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
        return sessions == null ? engine : sessions.approved(engine);
    }

    /// Goes on with the same engine, or gives another the client's hello.
    private void goOnWith(SSLEngine next) {
        boolean isOther = next != engine;
        engine = next;
        if (isOther && !records.startOver(next)) {
            tasksDone(
                    new SSLHandshakeException("the client's certificate is not trusted any more"));
            return;
        }
        if (isOther && phase == Phase.HANDSHAKE) {
            phase = Phase.BEGINNING;
        }
        tasksDone(null);
    }

    private void tasksDone(@Nullable Throwable failed) {
        busy = Busy.NO;
        records.ask();
        if (failed instanceof SSLHandshakeException refused) {
            fail(refused);
        } else if (failed != null) {
            fail(new SSLException("a task of the TLS engine failed: " + Logs.text(failed), failed));
        }
        int events = missed | IOLoop.READ | IOLoop.WRITE;
        missed = 0;
        step(events);
    }

    // What goes wrong.

    /// Notes the first failure, and tells the peer what it was, as far as there is room.
    private void fail(Throwable cause) {
        if (phase == Phase.BROKEN || phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.BROKEN;
        records.ask();
        failure =
                cause instanceof IOException known
                        ? known
                        : new SSLException("TLS failed: " + Logs.text(cause), cause);
        sayLastWord();
    }

    private void sayLastWord() {
        try {
            if (records.flush()) {
                records.sealEnd();
            }
        } catch (Throwable e) {
            // The peer does not hear it any more, and the failure is known already.
            return;
        }
    }

    private void dropInput() {
        try {
            records.dropInput();
        } catch (Throwable e) {
            // There is nobody any more whom the alert could reach.
            return;
        }
    }

    // What the stream asks for.

    @Override
    public int read(ByteBuffer into) throws IOException {
        int start = into.position();
        if (phase == Phase.BROKEN) {
            records.takeOpened(into);
        } else if (phase == Phase.OPEN && begin(IOLoop.READ)) {
            try {
                records.takeOpened(into);
                converse(into);
            } catch (Throwable e) {
                fail(e);
            } finally {
                end();
            }
        }
        return answer(into.position() - start);
    }

    private int answer(int count) throws IOException {
        if (count == 0 && failure != null) {
            throw failure;
        }
        if (phase != Phase.OPEN && phase != Phase.BROKEN) {
            return 0;
        }
        if (count == 0 && busy == Busy.NO && records.isInputOver() && !records.hasOpened()) {
            return END;
        }
        if (count > 0) {
            tellOfMore();
        }
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        throwIfNothingCanBeSent();
        if (phase != Phase.OPEN || !begin(IOLoop.WRITE)) {
            return 0;
        }
        int start = source.position();
        try {
            records.seal(source);
        } catch (Throwable e) {
            fail(e);
        } finally {
            end();
        }
        throwIfNothingCanBeSent();
        if (phase == Phase.CLOSED) {
            // Closed meanwhile: the stream has forgotten what it offered.
            source.position(start);
        }
        return source.position() - start;
    }

    @Override
    public void watch(int events) {
        boolean wantsMore = (events & ~wanted) != 0;
        wanted = events;
        if (wantsMore) {
            tellOfMore();
        }
        watchBelow();
    }

    /// Sees to it that the stream is told of what no readiness below tells.
    private void tellOfMore() {
        if (phase == Phase.BROKEN) {
            tellLater(IOLoop.READ | IOLoop.WRITE);
        } else if (phase == Phase.OPEN && busy == Busy.NO) {
            boolean isReadable = records.hasMore() || records.isInputOver();
            if (isReadable && nextMove() != TlsTransportMove.SEAL) {
                tellLater(IOLoop.READ);
            }
        }
    }

    @Override
    public boolean shutdownOutput() throws IOException {
        if (ending == Ending.NOT_WANTED) {
            ending = Ending.WANTED;
        }
        if (phase == Phase.OPEN && begin(IOLoop.WRITE)) {
            try {
                endOutput();
            } catch (Throwable e) {
                fail(e);
            } finally {
                end();
            }
        }
        throwIfNothingCanBeSent();
        return ending == Ending.TOLD;
    }

    private void throwIfNothingCanBeSent() throws IOException {
        IOException refusal = records.refusal();
        if (failure != null) {
            throw failure;
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    /// Says the end if that is wanted, and ends the output below once it is there.
    private void endOutput() throws IOException {
        boolean isTurn = phase == Phase.OPEN && busy == Busy.STEP;
        boolean isTold =
                isTurn && ending == Ending.WANTED && records.sealEnd() && records.endBelow();
        if (isTold) {
            ending = Ending.TOLD;
        }
    }

    @Override
    public void close() {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (begin(IOLoop.NONE)) {
            if (phase == Phase.BROKEN) {
                dropInput();
            } else if (phase != Phase.BEGINNING) {
                sayLastWord();
            }
        }
        phase = Phase.CLOSED;
        below.close();
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

package dev.gyre.stream;

import dev.gyre.stream.TlsTransportIntake.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The records of a TLS connection, on their way between an engine and the transport below.
///
/// They are opened where they came in, in a buffer borrowed for the step that [#endStep] ends, and
/// made in another. What is left, mostly the beginning of a record, is kept in an array of its
/// size, so an idle connection holds nothing. All methods but the plain questions may be suspended
/// inside the engine; none may be called while another is.
final class TlsTransportRecords {

    static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    /// How opening a record ended.
    enum Opened {
        /// A record was opened; it may have been one of the engine's own.
        RECORD,
        /// What was opened does not fit.
        NO_ROOM,
        /// No whole record is there.
        STARVED
    }

    /// How much of what the peer says first is kept: twice what the JDK takes for a message of a
    /// handshake (`jdk.tls.maxHandshakeMessageSize`, 32 KiB unless set).
    private static final int HELLO_BYTES_MAX = 64 * 1024;

    private final Transport below;
    private final Staging staging;

    /// Replaced by [#startOver].
    private SSLEngine engine;

    /// What the engine got before it said anything, for another to start over with; null if nobody
    /// wants that, and from the engine's first word on.
    private @Nullable ByteArrayOutputStream hello;

    /// What the engine said when it was asked last. It changes by what the engine does and is asked
    /// for much more often, and each question takes the engine's lock.
    private HandshakeStatus status = HandshakeStatus.NOT_HANDSHAKING;

    /// Which sides have said their end, by that answer.
    private TlsTransportEnds ends = TlsTransportEnds.NEITHER;

    /// Records that have come and are not opened, from its position to its limit.
    private ByteBuffer received = EMPTY;

    /// Where `received` is, and whether a whole record may be in it.
    private TlsTransportIntake intake = TlsTransportIntake.KEPT;

    /// Bytes that are opened and not taken: what did not fit where it was wanted.
    private ByteBuffer opened = EMPTY;

    /// Records that are made and not with the transport below.
    private ByteBuffer unsent = EMPTY;

    /// How many bytes of the stream are in records that were unsent the last time it offered them,
    /// and so are at the front of what it offers next.
    private int unsentBytes;

    /// Why the transport below takes nothing any more; null while it may. What comes from there is
    /// opened all the same: the peer may have said why it left.
    private @Nullable IOException refusal;

    TlsTransportRecords(Transport below, SSLEngine engine, Staging staging) {
        this.below = below;
        this.engine = engine;
        this.staging = staging;
    }

    /// Takes what has come already, before anything else.
    void takeOver(byte[] records) {
        received = ByteBuffer.wrap(records);
    }

    /// Keeps what the peer says first, so that it is possible to [start over][#startOver].
    void keepHello() {
        hello = new ByteArrayOutputStream();
    }

    private void keep(int start) {
        if (hello != null) {
            byte[] taken = new byte[received.position() - start];
            received.get(start, taken);
            hello.writeBytes(taken);
            if (hello.size() > HELLO_BYTES_MAX) {
                hello = null;
            }
        }
    }

    /// Gives another engine all that the peer has said.
    ///
    /// @return whether that was possible: the first one has not answered, and what was said was
    ///   kept
    boolean startOver(SSLEngine other) {
        engine = other;
        if (hello == null) {
            return false;
        }
        TlsTransportIntake refilled = intake.after(Event.STARTED_OVER);
        byte[] first = hello.toByteArray();
        hello = null;
        received =
                ByteBuffer.allocate(first.length + received.remaining())
                        .put(first)
                        .put(received)
                        .flip();
        intake = refilled;
        return true;
    }

    /// Asks the engine how it stands, after something that it did.
    void ask() {
        status = engine.getHandshakeStatus();
        ends = TlsTransportEnds.of(engine);
    }

    /// Notes how the engine stands after a record: asks it, unless that was one of the stream's
    /// bytes and no more.
    private SSLEngineResult noted(SSLEngineResult result) {
        if (result.getStatus() != Status.OK
                || result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            ask();
        } else {
            status = HandshakeStatus.NOT_HANDSHAKING;
        }
        return result;
    }

    HandshakeStatus status() {
        return status;
    }

    /// Returns whether the peer has sent its `close_notify`.
    boolean isInputOver() {
        return ends.hasPeers();
    }

    /// Returns whether something can be read that no readiness below will tell of.
    boolean hasMore() {
        return opened.hasRemaining() || (received.hasRemaining() && !intake.isShort());
    }

    /// Returns whether something was opened that is not taken.
    boolean hasOpened() {
        return opened.hasRemaining();
    }

    /// Returns whether the engine has said its end.
    boolean isOutputOver() {
        return ends.hasOwn();
    }

    /// Returns why nothing can be sent any more; null while something can.
    @Nullable IOException refusal() {
        return refusal;
    }

    boolean hasUnsent() {
        return unsent.hasRemaining();
    }

    // Opening.

    /// Moves bytes that were opened before, as many as fit.
    void takeOpened(ByteBuffer into) {
        if (opened.hasRemaining()) {
            move(opened, into);
            opened = opened.hasRemaining() ? opened : EMPTY;
        }
    }

    /// Opens one record, and puts what was in it into `into`.
    Opened open(ByteBuffer into) throws IOException {
        if (opened.hasRemaining()) {
            return Opened.NO_ROOM;
        }
        if (!received.hasRemaining()) {
            intake = intake.after(Event.FOUND_SHORT);
            return Opened.STARVED;
        }
        int start = received.position();
        Status end = noted(engine.unwrap(received, into)).getStatus();
        keep(start);
        if (end == Status.BUFFER_OVERFLOW) {
            // The engine wants room for the largest record, or for this one and what seals it.
            end = openAside(into);
        }
        boolean isStarved = end == Status.BUFFER_UNDERFLOW;
        intake = intake.after(isStarved ? Event.FOUND_SHORT : Event.RECORD_OPENED);
        return isStarved ? Opened.STARVED : Opened.RECORD;
    }

    private Status openAside(ByteBuffer into) throws IOException {
        ByteBuffer room = staging.borrowArray();
        try {
            SSLEngineResult result = noted(engine.unwrap(received, room));
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                throw new SSLException("a TLS record is larger than it may be");
            }
            move(room.flip(), into);
            opened = kept(room);
            return result.getStatus();
        } finally {
            staging.giveBack(room);
        }
    }

    private static void move(ByteBuffer from, ByteBuffer into) {
        int count = Math.min(from.remaining(), into.remaining());
        into.put(into.position(), from, from.position(), count);
        into.position(into.position() + count);
        from.position(from.position() + count);
    }

    /// Takes what has come from below, once in a step, after [#open] was starved.
    ///
    /// @return how many bytes have come, or [Transport#END]
    int receive() throws IOException {
        TlsTransportIntake borrowed = intake.after(Event.BORROWED);
        ByteBuffer records = staging.borrowArray();
        // What is here is less than a record, for which there is room several times.
        records.put(received);
        received = records;
        intake = borrowed;
        try {
            return below.read(records);
        } finally {
            records.flip();
        }
    }

    /// Gives back what was borrowed.
    void endStep() {
        boolean wasLent = intake.isLent();
        intake = intake.after(Event.STEP_ENDED);
        if (wasLent) {
            ByteBuffer records = received;
            received = kept(records);
            staging.giveBack(records);
        }
    }

    private static ByteBuffer kept(ByteBuffer bytes) {
        return bytes.hasRemaining()
                ? ByteBuffer.allocate(bytes.remaining()).put(bytes).flip()
                : EMPTY;
    }

    /// Takes what has come from below and drops it. If a connection is closed with input left, the
    /// kernel sends a reset (RFC 9293, section 3.6.1), which overtakes the alert that tells the
    /// peer what was wrong.
    void dropInput() throws IOException {
        ByteBuffer dropped = staging.borrowArray();
        try {
            below.read(dropped);
        } finally {
            staging.giveBack(dropped);
        }
    }

    // Sealing.

    /// Makes one record of the engine's own and sends it.
    ///
    /// @return whether the engine can go on: it had something to say, and it is sent
    boolean sealOwn() throws IOException {
        if (!flush()) {
            return false;
        }
        hello = null;
        ByteBuffer record = staging.borrowArray();
        try {
            int count = noted(engine.wrap(EMPTY.duplicate(), record)).bytesProduced();
            return send(record.flip()) && count > 0;
        } finally {
            staging.giveBack(record);
        }
    }

    /// Seals and sends bytes, as many as there is room for below.
    ///
    /// @param source left behind those bytes of which the records are with the transport below
    void seal(ByteBuffer source) throws IOException {
        if (!flush()) {
            return;
        }
        // Fewer bytes are offered again only if a file has become shorter meanwhile.
        int before = Math.min(unsentBytes, source.remaining());
        source.position(source.position() + before);
        unsentBytes = 0;
        ByteBuffer records = staging.borrowArray();
        try {
            while (source.hasRemaining()) {
                int start = source.position();
                fill(records.clear(), source);
                if (!send(records.flip())) {
                    unsentBytes = source.position() - start;
                    source.position(start);
                    return;
                }
            }
        } finally {
            staging.giveBack(records);
        }
    }

    /// Fills `records` with as many whole records as have room.
    private void fill(ByteBuffer records, ByteBuffer source) throws IOException {
        int recordBytesMax = engine.getSession().getPacketBufferSize();
        while (source.hasRemaining() && records.remaining() >= recordBytesMax) {
            SSLEngineResult result = noted(engine.wrap(source, records));
            if (result.getStatus() == Status.CLOSED) {
                throw outputOver();
            }
            if (result.bytesProduced() == 0) {
                throw new SSLException("the TLS engine takes no bytes, and says " + result);
            }
        }
    }

    private SSLException outputOver() {
        // Not of the version: TLS 1.3 does so too if the peer, or a setting of the JDK, wants it.
        String why =
                ends.hasPeers()
                        ? "with %s the peer's close_notify ends both directions"
                                .formatted(engine.getSession().getProtocol())
                        : "TLS has ended the output";
        return new SSLException("nothing can be sent any more: " + why);
    }

    private boolean send(ByteBuffer records) {
        writeBelow(records);
        unsent = refusal == null ? kept(records) : EMPTY;
        return refusal == null && !unsent.hasRemaining();
    }

    /// Sends the records that were kept, and returns whether none is left and more can follow.
    boolean flush() {
        if (unsent.hasRemaining()) {
            writeBelow(unsent);
            if (refusal == null && unsent.hasRemaining()) {
                return false;
            }
            unsent = EMPTY;
        }
        return refusal == null;
    }

    private void writeBelow(ByteBuffer records) {
        try {
            below.write(records);
        } catch (IOException e) {
            refusal = e;
        }
    }

    /// Ends the output below.
    ///
    /// @return whether that was handed over for good
    boolean endBelow() {
        try {
            return below.shutdownOutput();
        } catch (IOException e) {
            refusal = e;
            return false;
        }
    }

    /// Sends `close_notify`, or the alert that tells what was wrong.
    ///
    /// @return whether all of it is with the transport below
    boolean sealEnd() throws IOException {
        engine.closeOutbound();
        ask();
        while (!ends.hasOwn()) {
            if (!sealOwn()) {
                return false;
            }
        }
        return flush();
    }
}

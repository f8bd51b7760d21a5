package dev.gyre.stream;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopPromise;
import dev.gyre.stream.OutputPhase.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The writing half of a stream: what was written and not sent yet, in order. [OutputPhase] has
/// what may happen to it when.
///
/// It is also the operation behind the futures of all writes, for whoever waits for one of these to
/// be told what that is. Nothing takes a write back.
final class Output implements Runnable {

    /// How often one turn offers bytes to a transport that takes all of them, so that one stream
    /// with a long queue does not hold up the others.
    private static final int ROUNDS_MAX = 8;

    /// What a write in the queue needs beside its bytes, about.
    private static final int PIECE_BYTES = 64;

    /// How many writes may be queued however low the limit is; they need less than 100 KiB.
    private static final int PIECES_MIN = 1024;

    private final IOStream stream;

    /// The queue; both null exactly while it is empty.
    private @Nullable Piece first;

    private @Nullable Piece last;

    /// How many bytes are in the queue.
    private long queued;

    /// How many bytes of the queue are still in files, and take no memory.
    private long queuedInFiles;

    /// How many pieces are in the queue.
    private int pieces;

    /// Completed when the queue is short, the same for all who wait for that: a writer may ask
    /// after each of its writes. Null while nobody waits.
    private @Nullable LoopPromise<@Nullable Void> draining;

    private OutputPhase phase = OutputPhase.OPEN;

    /// How many bytes the transport did not take of what it was offered last.
    private int refused;

    private long sent;

    Output(IOStream stream) {
        this.stream = stream;
    }

    /// Does nothing: a write was cancelled, and its bytes are sent all the same.
    @Override
    public void run() {}

    @Override
    public String toString() {
        return "a write to " + stream;
    }

    void add(Piece piece) {
        boolean isEnd = piece instanceof Piece.End;
        phase = phase.after(isEnd ? Event.END_QUEUED : Event.BYTES_QUEUED);
        if (last == null) {
            first = piece;
        } else {
            last.next = piece;
        }
        last = piece;
        queued += piece.remaining();
        pieces++;
        if (piece instanceof Piece.OfFile) {
            queuedInFiles += piece.remaining();
        }
    }

    boolean isEmpty() {
        return first == null;
    }

    long queued() {
        return queued;
    }

    /// Refuses a write if the queue is full: of bytes, or of writes so small that the queue itself
    /// needs more than they do.
    void checkRoom(int bytesMax) {
        long held = queued - queuedInFiles;
        if (held >= bytesMax) {
            throw new StreamBufferFullException(
                    "%s: %d bytes are queued, and the limit is %d; await drain() between writes"
                            .formatted(stream, held, bytesMax));
        }
        int piecesMax = Math.max(bytesMax / PIECE_BYTES, PIECES_MIN);
        if (pieces >= piecesMax) {
            throw new StreamBufferFullException(
                    "%s: %d writes are queued, and the limit is %d; await drain() between writes"
                            .formatted(stream, pieces, piecesMax));
        }
    }

    long sent() {
        return sent;
    }

    boolean isBlocked() {
        return phase.isHeldUp();
    }

    /// Returns whether nothing may be written any more.
    boolean isEnding() {
        return phase.isEnding();
    }

    /// Returns whether the peer was told that nothing follows.
    boolean isEnded() {
        return phase == OutputPhase.ENDED;
    }

    /// Returns whether enough is queued to be sent before the end of the turn.
    boolean isWorthSending() {
        return queued > Staging.SIZE && !isBlocked();
    }

    /// Returns whether what comes first is sent from where it is, so that waiting for the end of
    /// the turn gathers nothing with it.
    boolean isSentAlone() {
        return !isBlocked() && first != null && first.inPlace() != null;
    }

    /// Sends what the transport takes.
    ///
    /// @return false if some is left though the transport may take it: the next turn goes on
    boolean send(Transport transport, Staging staging) throws IOException {
        ByteBuffer buffer = staging.borrow();
        try {
            for (int round = 0; round < ROUNDS_MAX; round++) {
                if (!sendOnce(transport, buffer.clear())) {
                    return true;
                }
            }
            return false;
        } finally {
            staging.giveBack(buffer);
        }
    }

    /// Returns whether it is worth trying again.
    private boolean sendOnce(Transport transport, ByteBuffer buffer) throws IOException {
        ByteBuffer source = source(buffer);
        boolean isAllTaken;
        if (source.hasRemaining()) {
            int count = transport.write(source);
            sent += count;
            queued -= count;
            refused = source.remaining();
            isAllTaken = advance(count, transport) && refused == 0;
        } else {
            isAllTaken = advance(0, transport);
        }
        // Only now, since telling the end has changed the phase.
        phase = phase.after(isAllTaken ? Event.TAKEN : Event.REFUSED);
        if (isWithin(StreamOptions.WRITE_LOW_WATER_BYTES)) {
            completeDraining();
        }
        return !isBlocked() && first != null;
    }

    /// Returns what to offer: the bytes of the first piece where they are, or as many pieces as fit
    /// into `buffer`. These are never fewer bytes than the transport has refused, for it may have
    /// begun with those.
    private ByteBuffer source(ByteBuffer buffer) throws IOException {
        ByteBuffer inPlace = first == null ? null : first.inPlace();
        if (inPlace != null && inPlace.remaining() >= refused) {
            return inPlace;
        }
        for (Piece piece = first; piece != null && buffer.hasRemaining(); piece = piece.next) {
            if (piece instanceof Piece.OfFile file) {
                // A file gives what it likes, and what comes behind must not overtake the rest.
                copy(file, buffer);
                break;
            }
            piece.copyTo(buffer);
        }
        return buffer.flip();
    }

    /// Copies bytes of a file. If the file cannot be read, it fails when it is its turn: what was
    /// written before it is sent first.
    private void copy(Piece.OfFile file, ByteBuffer buffer) throws IOException {
        int start = buffer.position();
        try {
            file.copyTo(buffer);
        } catch (Piece.FileException e) {
            if (file == first) {
                throw e;
            }
            buffer.position(start);
        }
    }

    /// Completes the writes of which the last byte was sent, in order.
    ///
    /// @return false if the peer could not be told of the end, since there was no room
    private boolean advance(int count, Transport transport) throws IOException {
        int left = count;
        for (Piece piece = first; piece != null && piece.remaining() <= left; piece = first) {
            left -= (int) piece.remaining();
            countSent(piece, piece.remaining());
            if (piece instanceof Piece.End && !tellEnd(transport)) {
                return false;
            }
            first = piece.next;
            pieces--;
            if (first == null) {
                last = null;
            }
            piece.sent.complete(null);
        }
        if (first != null) {
            countSent(first, left);
            first.advance(left);
        }
        return true;
    }

    /// Tells the peer that nothing follows, unless the peer was told already.
    ///
    /// @return false if there was no room for that
    private boolean tellEnd(Transport transport) throws IOException {
        if (isEnded() || transport.shutdownOutput()) {
            phase = phase.after(Event.END_TOLD);
            return true;
        }
        return false;
    }

    private void countSent(Piece piece, long count) {
        if (piece instanceof Piece.OfFile) {
            queuedInFiles -= count;
        }
    }

    /// Returns a future that is done when the queue is short: `done` if it is short now.
    LoopFuture<@Nullable Void> drained(LoopFuture<@Nullable Void> done) {
        if (isWithin(StreamOptions.WRITE_HIGH_WATER_BYTES)) {
            return done;
        }
        LoopPromise<@Nullable Void> present = draining;
        if (present == null) {
            present = new LoopPromise<>(stream.loop(), new Drain(stream));
            draining = present;
        }
        return present.future();
    }

    private boolean isWithin(int bytes) {
        return queued <= bytes && pieces <= bytes / PIECE_BYTES;
    }

    private void completeDraining() {
        LoopPromise<@Nullable Void> drained = draining;
        if (drained != null) {
            draining = null;
            drained.complete(null);
        }
    }

    /// Fails the writes that were not sent whole, in order, and empties the queue.
    void fail(IOException cause) {
        for (Piece piece = first; piece != null; piece = piece.next) {
            stream.end().fail(piece.sent, cause, "a write was not sent whole");
        }
        first = null;
        last = null;
        queued = 0;
        queuedInFiles = 0;
        pieces = 0;
        phase = phase.after(Event.GIVEN_UP);
        LoopPromise<@Nullable Void> drained = draining;
        if (drained != null) {
            draining = null;
            drained.failWith(() -> stream.end().exception(cause, "the queue was not drained"));
        }
    }

    /// What those who wait for the queue to become short read about it in dumps.
    private record Drain(IOStream stream) {

        @Override
        public String toString() {
            return "the draining of " + stream;
        }
    }
}

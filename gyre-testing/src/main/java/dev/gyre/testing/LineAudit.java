package dev.gyre.testing;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/// Keeps account of one direction of a simulated connection: which bytes its stream offers, and
/// which come out at the other end.
final class LineAudit {

    /// How many bytes are remembered of those that were refused: enough to know them again.
    private static final int REMEMBERED_BYTES_MAX = 4096;

    private final Simulation simulation;

    /// The end whose output this is.
    private final SimulatedTransport sender;

    /// The bytes that were sent and not read yet, in pieces.
    private final Deque<ByteBuffer> underWay = new ArrayDeque<>();

    /// The first of the bytes that the last call offered and could not send.
    private ByteBuffer refused = ByteBuffer.allocate(0);

    LineAudit(Simulation simulation, SimulatedTransport sender) {
        this.simulation = simulation;
        this.sender = sender;
    }

    /// Checks the bytes that a stream offers: the first of them must be those that were refused.
    void offered(ByteBuffer source) {
        int same = Math.min(refused.remaining(), source.remaining());
        if (same < refused.remaining() || !sameBytes(refused, source, same)) {
            simulation.violated(
                    sender
                            + " was offered other bytes than those it had no room for: a buffer was"
                            + " changed before its write was done, or bytes are lost or repeated");
        }
    }

    /// Notes that of the bytes offered `piece` was sent, and `rest` was not.
    void sent(byte[] piece, ByteBuffer rest) {
        if (piece.length > 0) {
            underWay.add(ByteBuffer.wrap(piece));
        }
        byte[] left = new byte[Math.min(rest.remaining(), REMEMBERED_BYTES_MAX)];
        rest.get(rest.position(), left);
        refused = ByteBuffer.wrap(left);
    }

    /// Checks the bytes that the peer has read.
    void read(ByteBuffer bytes) {
        byte[] got = new byte[bytes.remaining()];
        bytes.get(bytes.position(), got);
        int start = 0;
        while (start < got.length) {
            ByteBuffer first = underWay.peek();
            int count = first == null ? 0 : Math.min(first.remaining(), got.length - start);
            if (first == null || !sameBytes(first, ByteBuffer.wrap(got, start, count), count)) {
                simulation.violated("what was read is not what was sent by " + sender);
                return;
            }
            start += count;
            first.position(first.position() + count);
            if (!first.hasRemaining()) {
                underWay.remove();
            }
        }
    }

    private static boolean sameBytes(ByteBuffer one, ByteBuffer other, int count) {
        return one.slice(one.position(), count).equals(other.slice(other.position(), count));
    }
}

package dev.gyre.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/// The arrays in which the byte queues of a loop keep what nobody has read yet. An emptied one
/// serves the next queue that needs as much, since most are needed for a turn only, and a queue
/// that grows needs one after the other.
final class Segments {

    /// How many bytes the spare arrays have at most; the garbage collector gets what is beyond.
    private static final int SPARE_BYTES_MAX = 1024 * 1024;

    /// The spare arrays, by the power of two that is their size.
    private final List<Deque<byte[]>> spares =
            Stream.<Deque<byte[]>>generate(ArrayDeque::new).limit(Integer.SIZE).toList();

    private int spareBytes;

    /// Returns an array of `size` bytes. What is in it means nothing.
    ///
    /// @param size a power of two, for an array that may have been used before
    byte[] take(int size) {
        Deque<byte[]> likely = spares(size);
        byte[] spare = likely.peek();
        if (spare == null || spare.length != size) {
            return new byte[size];
        }
        spareBytes -= size;
        return likely.pop();
    }

    /// Takes an array back.
    void giveBack(byte[] emptied) {
        int size = emptied.length;
        Deque<byte[]> alike = spares(size);
        if (size > SPARE_BYTES_MAX - spareBytes) {
            if (size > SPARE_BYTES_MAX || !alike.isEmpty()) {
                return;
            }
            // The spares are of other sizes than what is asked for now, and make room for it.
            spares.forEach(Deque::clear);
            spareBytes = 0;
        }
        alike.push(emptied);
        spareBytes += size;
    }

    private Deque<byte[]> spares(int size) {
        return spares.get(Integer.SIZE - 1 - Integer.numberOfLeadingZeros(size));
    }
}

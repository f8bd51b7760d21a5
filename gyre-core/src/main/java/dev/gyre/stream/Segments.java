package dev.gyre.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/// The arrays in which the byte queues of a loop keep what nobody has read yet. An emptied one
/// serves the next queue that needs as much, since most are needed for a turn only, and a queue
/// that grows needs one after the other.
final class Segments {

    /// How many bytes wait for use at most; what is beyond is left to the collector.
    private static final int SPARE_BYTES_MAX = 1024 * 1024;

    /// Those that wait, by powers of two.
    private final List<Deque<byte[]>> spares =
            Stream.<Deque<byte[]>>generate(ArrayDeque::new).limit(Integer.SIZE).toList();

    private int spareBytes;

    /// Returns one of `size` bytes. What is in it means nothing.
    ///
    /// @param size a power of two, for one that may have been used before
    byte[] take(int size) {
        Deque<byte[]> likely = spares(size);
        byte[] spare = likely.peek();
        if (spare == null || spare.length != size) {
            return new byte[size];
        }
        spareBytes -= size;
        return likely.pop();
    }

    /// Takes one back.
    void giveBack(byte[] emptied) {
        int size = emptied.length;
        Deque<byte[]> alike = spares(size);
        if (size > SPARE_BYTES_MAX - spareBytes) {
            if (size > SPARE_BYTES_MAX || !alike.isEmpty()) {
                return;
            }
            // So the spares become what is asked for.
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

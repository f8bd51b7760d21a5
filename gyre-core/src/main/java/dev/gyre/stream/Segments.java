package dev.gyre.stream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The segments in which the byte queues of a loop keep what nobody has read yet. An emptied one
/// serves the next queue that needs as much, since most are needed for a turn only, and a queue
/// that grows needs one after the other.
final class Segments {

    /// How many bytes wait for use at most; what is beyond is left to the collector.
    private static final int SPARE_BYTES_MAX = 1024 * 1024;

    /// Those that wait, a chain for each power of two.
    private final @Nullable Segment[] spares = new Segment[Integer.SIZE];

    private int spareBytes;

    /// Returns one of `size` bytes. What is in it means nothing.
    ///
    /// @param size a power of two, for one that may have been used before
    Segment take(int size) {
        int power = power(size);
        Segment spare = spares[power];
        if (spare == null || spare.bytes.length != size) {
            return new Segment(size);
        }
        spares[power] = spare.next;
        spare.next = null;
        spareBytes -= size;
        return spare;
    }

    /// Takes one back.
    void giveBack(Segment emptied) {
        int size = emptied.bytes.length;
        int power = power(size);
        if (size > SPARE_BYTES_MAX - spareBytes) {
            if (size > SPARE_BYTES_MAX || spares[power] != null) {
                return;
            }
            // So the spares become what is asked for.
            Arrays.fill(spares, null);
            spareBytes = 0;
        }
        emptied.next = spares[power];
        spares[power] = emptied;
        spareBytes += size;
    }

    private static int power(int size) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(size);
    }
}

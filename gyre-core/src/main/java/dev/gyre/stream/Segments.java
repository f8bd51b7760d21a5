package dev.gyre.stream;

import java.util.ArrayDeque;

/// The segments in which the byte queues of a loop keep what nobody has read yet. An emptied one
/// serves the next queue that needs as much, since most are needed for a turn only.
final class Segments {

    /// How many bytes wait for use at most; what is beyond is left to the collector.
    private static final int SPARE_BYTES_MAX = 1024 * 1024;

    private final ArrayDeque<Segment> spares = new ArrayDeque<>();
    private int spareBytes;

    /// Returns one of at least `size` bytes, and of less than four times as many. What is in it
    /// means nothing.
    Segment take(int size) {
        Segment spare = spares.poll();
        if (spare == null) {
            return new Segment(size);
        }
        int capacity = spare.bytes.length;
        spareBytes -= capacity;
        // One that does not fit is dropped, so that the spares become what is asked for.
        return capacity >= size && capacity / 4 < size ? spare : new Segment(size);
    }

    /// Takes one back.
    void giveBack(Segment emptied) {
        if (emptied.bytes.length <= SPARE_BYTES_MAX - spareBytes) {
            spareBytes += emptied.bytes.length;
            spares.push(emptied);
        }
    }
}

package dev.gyre.testing;

import java.nio.ByteBuffer;

/// One direction of a connection in memory: the bytes that are under way, in a ring.
final class MemoryLine {

    private final byte[] ring;

    /// Where the first byte under way lies.
    private int start;

    /// How many bytes are under way.
    private int size;

    /// Whether no more bytes follow these.
    private boolean ended;

    MemoryLine(int capacity) {
        ring = new byte[capacity];
    }

    boolean hasBytes() {
        return size > 0;
    }

    boolean hasRoom() {
        return size < ring.length;
    }

    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /// Loses what is under way.
    void clear() {
        size = 0;
    }

    /// Moves bytes from `source` into the ring, as many as there is room for, and at most
    /// `countMax`.
    int put(ByteBuffer source, int countMax) {
        int count = Math.min(Math.min(countMax, source.remaining()), ring.length - size);
        int end = (start + size) % ring.length;
        int straight = Math.min(count, ring.length - end);
        source.get(ring, end, straight);
        source.get(ring, 0, count - straight);
        size += count;
        return count;
    }

    /// Moves bytes from the ring into `target`, as many as fit, and at most `countMax`.
    int take(ByteBuffer target, int countMax) {
        int count = Math.min(Math.min(countMax, target.remaining()), size);
        int straight = Math.min(count, ring.length - start);
        target.put(ring, start, straight);
        target.put(ring, 0, count - straight);
        start = (start + count) % ring.length;
        size -= count;
        return count;
    }
}

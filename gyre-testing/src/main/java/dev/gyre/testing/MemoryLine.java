package dev.gyre.testing;

import java.nio.ByteBuffer;

/// One direction of a connection in memory: the bytes that are under way, in a ring.
final class MemoryLine {

    private static final byte[] NONE = {};

    private final int capacity;

    /// The ring. It takes memory only while bytes are under way, since tests and simulations have
    /// connections by the ten thousands, and keep some of them for long.
    private byte[] ring = NONE;

    /// The index of the first byte under way.
    private int start;

    /// How many bytes are under way.
    private int size;

    /// Whether no more bytes follow those under way.
    private boolean ended;

    MemoryLine(int capacity) {
        this.capacity = capacity;
    }

    boolean hasBytes() {
        return size > 0;
    }

    boolean hasRoom() {
        return size < capacity;
    }

    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /// Loses the bytes under way, and the end behind them.
    void lose() {
        clear();
        ended = false;
    }

    private void clear() {
        size = 0;
        ring = NONE;
    }

    /// Moves bytes from `source` into the ring, as many as there is room for, and at most
    /// `countMax`.
    int put(ByteBuffer source, int countMax) {
        int count = Math.min(Math.min(countMax, source.remaining()), capacity - size);
        if (count == 0) {
            return 0;
        }
        if (size == 0) {
            ring = new byte[capacity];
            start = 0;
        }
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
        if (count == 0) {
            return 0;
        }
        int straight = Math.min(count, ring.length - start);
        target.put(ring, start, straight);
        target.put(ring, 0, count - straight);
        start = (start + count) % ring.length;
        size -= count;
        if (size == 0) {
            clear();
        }
        return count;
    }
}

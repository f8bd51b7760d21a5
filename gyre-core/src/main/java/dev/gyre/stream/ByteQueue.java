package dev.gyre.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The bytes that have come and were not read yet, first in, first out, in one piece.
///
/// They lie in an array, since searching a direct buffer costs several times as much. Bytes that
/// were just received are in an array that is lent to the queue, and copied to its own only if some
/// are left when that goes back. Searching, taking and appending cost time in proportion to the
/// bytes they are about.
final class ByteQueue {

    private static final byte[] EMPTY = {};

    private static final int CAPACITY_MIN = 256;

    /// The largest array that every virtual machine can make.
    private static final int CAPACITY_MAX = Integer.MAX_VALUE - 8;

    /// The eight bytes of an array from an index on, the first one in the lowest place.
    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    /// Where the bytes lie, between `start` and `end`. [#EMPTY] when none are queued and none lent.
    private byte[] segment = EMPTY;

    private int start;
    private int end;

    /// Where the segments come from and go to.
    private final Segments segments;

    /// Whether `segment` is somebody else's, to be given back by [#keep].
    private boolean lent;

    /// What was searched for last, in vain; null if nothing was.
    private @Nullable Needle missing;

    /// How many bytes at the front `missing` does not begin in.
    private int searched;

    ByteQueue(Segments segments) {
        this.segments = segments;
    }

    int size() {
        return end - start;
    }

    boolean isEmpty() {
        return start == end;
    }

    byte get(int index) {
        return segment[start + index];
    }

    /// Returns whether the first `count` bytes are ASCII.
    boolean isAscii(int count) {
        for (int index = 0; index < count; index++) {
            if (get(index) < 0) {
                return false;
            }
        }
        return true;
    }

    /// Adds received bytes, from `received`'s position to its limit: if the queue is empty, in
    /// `room`, which belongs to the queue until [#keep], and has room for all of them.
    void lend(ByteBuffer received, byte[] room) {
        if (isEmpty()) {
            use(room, received.remaining());
            received.get(received.position(), segment, 0, end);
            lent = true;
        } else {
            append(received);
        }
    }

    /// Copies what is left of the bytes lent.
    void keep() {
        if (lent) {
            if (isEmpty()) {
                release();
            } else {
                moveTo(roomFor(size()));
            }
        }
    }

    /// Adds a copy of bytes.
    void append(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (count > segment.length - end) {
            makeRoom(count);
        }
        bytes.get(bytes.position(), segment, end, count);
        end += count;
    }

    private void makeRoom(int count) {
        int needed = Math.addExact(size(), count);
        if (isEmpty()) {
            moveTo(roomFor(needed));
        } else if (needed > segment.length / 2) {
            // After a move at least as much room is free as was filled, so each byte moves once or
            // twice however small the pieces are.
            moveTo(roomFor(2L * needed));
        } else {
            System.arraycopy(segment, start, segment, 0, size());
            end -= start;
            start = 0;
        }
    }

    /// Returns the size of a segment: a power of two, so that the segments of a loop are of few
    /// sizes.
    private byte[] roomFor(long count) {
        long capacity = Long.highestOneBit(2 * count - 1);
        return segments.take(Math.clamp(capacity, CAPACITY_MIN, CAPACITY_MAX));
    }

    private void moveTo(byte[] other) {
        int size = size();
        System.arraycopy(segment, start, other, 0, size);
        release();
        use(other, size);
    }

    private void release() {
        if (!lent && segment != EMPTY) {
            segments.giveBack(segment);
        }
        lent = false;
        use(EMPTY, 0);
    }

    private void use(byte[] other, int size) {
        segment = other;
        start = 0;
        end = size;
    }

    /// Removes the first `count` bytes and returns them.
    byte[] take(int count) {
        byte[] taken = peek(count);
        skip(count);
        return taken;
    }

    /// Moves bytes into `target`, as many as fit, and returns how many.
    int take(ByteBuffer target) {
        int count = Math.min(size(), target.remaining());
        target.put(segment, start, count);
        skip(count);
        return count;
    }

    /// Returns a copy of the first `count` bytes, which stay.
    byte[] peek(int count) {
        return Arrays.copyOfRange(segment, start, start + count);
    }

    /// Removes the first `count` bytes.
    void skip(int count) {
        start += count;
        searched = Math.max(0, searched - count);
        if (!lent && isEmpty()) {
            release();
        }
    }

    /// Returns where the first `needle` ends, or -1 if there is none. A search in vain is
    /// remembered, so that the next one for the same needle looks at new bytes only.
    int findEnd(Needle needle) {
        if (!needle.equals(missing)) {
            searched = 0;
        }
        int last = size() - needle.size();
        int found = indexOf(needle.byteAt(0), searched, last + 1);
        while (found >= 0 && !matches(needle, found)) {
            found = indexOf(needle.byteAt(0), found + 1, last + 1);
        }
        if (found >= 0) {
            missing = null;
            return found + needle.size();
        }
        missing = needle;
        searched = Math.max(0, last + 1);
        return -1;
    }

    private boolean matches(Needle needle, int at) {
        for (int i = 1; i < needle.size(); i++) {
            if (get(at + i) != needle.byteAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Looks at eight bytes at a time (Warren, Hacker's Delight, section 6-1): a byte of
    /// `differing` is zero where the wanted one is, and the expression below has its high bit set
    /// for the first such byte.
    ///
    /// The bytes are read through a handle, and with few calls between a stream's readiness and
    /// here: the compiler inlines fifteen levels (HotSpot's MaxInlineLevel), and a loop in which it
    /// has to stop is three to five times slower (SearchBenchmark).
    private int indexOf(byte wanted, int from, int to) {
        byte[] bytes = segment;
        long pattern = (wanted & 0xFF) * LOW_BITS;
        int index = start + from;
        for (int words = start + to - Long.BYTES; index <= words; index += Long.BYTES) {
            long differing = (long) WORDS.get(bytes, index) ^ pattern;
            long found = (differing - LOW_BITS) & ~differing & HIGH_BITS;
            if (found != 0) {
                return index + (Long.numberOfTrailingZeros(found) >>> 3) - start;
            }
        }
        for (; index < start + to; index++) {
            if (bytes[index] == wanted) {
                return index - start;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return "ByteQueue[" + size() + " bytes]";
    }
}

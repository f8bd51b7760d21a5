package dev.gyre.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The bytes that have come and were not read yet, first in, first out, in one piece.
///
/// Bytes that were just received are lent to the queue in the buffer they came in, and copied only
/// if some are left when that buffer goes back. Searching, taking and appending cost time in
/// proportion to the bytes they are about.
final class ByteQueue {

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private static final int CAPACITY_MIN = 256;

    /// The largest array that every virtual machine can make.
    private static final int CAPACITY_MAX = Integer.MAX_VALUE - 8;

    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    /// The bytes lie between its position and its limit. Little-endian; [#EMPTY] when none are
    /// queued and none lent.
    private ByteBuffer content = EMPTY;

    /// Whether `content` is somebody else's, to be given back by [#keep].
    private boolean lent;

    /// What was searched for last, in vain; null if nothing was.
    private @Nullable Needle missing;

    /// How many bytes at the front `missing` does not begin in.
    private int searched;

    int size() {
        return content.remaining();
    }

    boolean isEmpty() {
        return !content.hasRemaining();
    }

    byte get(int index) {
        return content.get(content.position() + index);
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

    /// Adds received bytes, from `received`'s position to its limit, without copying them if the
    /// queue is empty. Until [#keep], `received` belongs to the queue.
    void lend(ByteBuffer received) {
        if (isEmpty()) {
            content = received;
            lent = true;
        } else {
            append(received);
        }
    }

    /// Copies what is left of the bytes lent.
    void keep() {
        if (lent) {
            ByteBuffer left = content;
            lent = false;
            content = EMPTY;
            if (left.hasRemaining()) {
                append(left);
            }
        }
    }

    /// Adds a copy of bytes.
    void append(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (count > content.capacity() - content.limit()) {
            makeRoom(count);
        }
        int end = content.limit();
        content.limit(end + count);
        content.put(end, bytes, bytes.position(), count);
    }

    private void makeRoom(int count) {
        int needed = Math.addExact(size(), count);
        // After a move at least as much room is free as was filled, so each byte moves once or
        // twice however small the pieces are.
        if (needed > content.capacity() / 2) {
            long wanted = (long) Integer.highestOneBit(needed) << 2;
            int capacity = Math.clamp(wanted, CAPACITY_MIN, CAPACITY_MAX);
            ByteBuffer larger = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
            content = larger.put(content).flip();
        } else {
            content.compact().flip();
        }
    }

    /// Removes the first `count` bytes and returns them.
    byte[] take(int count) {
        byte[] taken = new byte[count];
        content.get(taken);
        removed(count);
        return taken;
    }

    /// Moves bytes into `target`, as many as fit, and returns how many.
    int take(ByteBuffer target) {
        int count = Math.min(size(), target.remaining());
        target.put(target.position(), content, content.position(), count);
        target.position(target.position() + count);
        skip(count);
        return count;
    }

    /// Returns a copy of the first `count` bytes, which stay.
    byte[] peek(int count) {
        byte[] copy = new byte[count];
        content.get(content.position(), copy);
        return copy;
    }

    /// Removes the first `count` bytes.
    void skip(int count) {
        content.position(content.position() + count);
        removed(count);
    }

    private void removed(int count) {
        searched = Math.max(0, searched - count);
        if (!lent && isEmpty()) {
            content = EMPTY;
        }
    }

    /// Returns where the first `needle` ends, or -1 if there is none. A search in vain is
    /// remembered, so that the next one for the same needle looks at new bytes only.
    int findEnd(Needle needle) {
        if (!needle.equals(missing)) {
            searched = 0;
        }
        int start = find(needle, searched);
        if (start >= 0) {
            missing = null;
            return start + needle.size();
        }
        missing = needle;
        searched = Math.max(0, size() - needle.size() + 1);
        return -1;
    }

    private int find(Needle needle, int from) {
        int last = size() - needle.size();
        int start = indexOf(needle.byteAt(0), from, last + 1);
        while (start >= 0 && !matches(needle, start)) {
            start = indexOf(needle.byteAt(0), start + 1, last + 1);
        }
        return start;
    }

    private boolean matches(Needle needle, int start) {
        for (int i = 1; i < needle.size(); i++) {
            if (get(start + i) != needle.byteAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Eight bytes at a time: a byte of `differing` is zero where the wanted one is, and the
    /// expression below has its high bit set for the first such byte.
    private int indexOf(byte wanted, int from, int end) {
        int base = content.position();
        long pattern = (wanted & 0xFF) * LOW_BITS;
        int index = base + from;
        for (int words = base + end - Long.BYTES; index <= words; index += Long.BYTES) {
            long differing = content.getLong(index) ^ pattern;
            long found = (differing - LOW_BITS) & ~differing & HIGH_BITS;
            if (found != 0) {
                return index + (Long.numberOfTrailingZeros(found) >>> 3) - base;
            }
        }
        for (; index < base + end; index++) {
            if (content.get(index) == wanted) {
                return index - base;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return "ByteQueue[" + size() + " bytes]";
    }
}

package dev.gyre.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// An array of bytes that can also be looked at eight at a time.
final class Segment {

    final byte[] bytes;

    /// The same bytes, little-endian.
    private final ByteBuffer words;

    /// The next one that waits for use; for [Segments].
    @Nullable Segment next;

    Segment(int size) {
        bytes = new byte[size];
        words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Returns the eight bytes from `index` on, the first one in the lowest place.
    long word(int index) {
        return words.getLong(index);
    }
}

package dev.gyre.stream;

import java.nio.ByteBuffer;

/// What may be read from a stream at once.
///
/// @param bufferBytesMax how many bytes its read buffer may hold
record ReadLimits(int bufferBytesMax) {

    int lineBytesMax() {
        return Math.min(StreamOptions.LINE_BYTES_MAX, bufferBytesMax);
    }

    /// Returns the limit of a read, unless it is none.
    int checked(int bytesMax) {
        if (bytesMax <= 0 || bytesMax > bufferBytesMax) {
            throw new IllegalArgumentException(
                    "a read is limited to %d bytes; the limit must be positive, and within the %d"
                                    .formatted(bytesMax, bufferBytesMax)
                            + " of StreamOptions.withReadBufferBytesMax");
        }
        return bytesMax;
    }

    /// Returns a count of bytes that are to be in the buffer all at once, which the peer may have
    /// asked for.
    int bufferable(int count) {
        if (notNegative(count) > bufferBytesMax) {
            throw new UnsatisfiableReadException(
                    "%d bytes were to be read, but the read buffer holds at most %d"
                            .formatted(count, bufferBytesMax));
        }
        return count;
    }

    static int notNegative(int count) {
        if (count < 0) {
            throw new IllegalArgumentException(count + " bytes were to be read");
        }
        return count;
    }

    static ByteBuffer writable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("the buffer to read into is read-only");
        }
        return target;
    }
}

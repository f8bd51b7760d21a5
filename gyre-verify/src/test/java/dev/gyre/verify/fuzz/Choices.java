package dev.gyre.verify.fuzz;

import java.nio.ByteBuffer;

/// What the bytes of a fuzzer decide, one choice after the other. Once they are used up, every
/// choice is the first.
public final class Choices {

    private final ByteBuffer bytes;

    public Choices(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    /// Returns whether there is anything more to decide by.
    public boolean areLeft() {
        return bytes.hasRemaining();
    }

    /// Returns a number of at least 0 and less than `bound`, which is 65536 at most.
    public int below(int bound) {
        int number = next();
        if (bound > 256) {
            number = number << 8 | next();
        }
        return number % bound;
    }

    public boolean yes() {
        return below(2) == 1;
    }

    private int next() {
        return bytes.hasRemaining() ? bytes.get() & 0xFF : 0;
    }

    /// Returns the next bytes as they are: `count`, or what is left.
    public byte[] bytes(int count) {
        byte[] taken = new byte[Math.min(count, bytes.remaining())];
        bytes.get(taken);
        return taken;
    }

    public byte[] rest() {
        return bytes(bytes.remaining());
    }
}

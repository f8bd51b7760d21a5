package dev.gyre.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A delimiter to be searched for.
final class Needle {

    private final byte[] bytes;

    /// @param bytes a copy of the user's
    Needle(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("the delimiter is empty");
        }
        this.bytes = bytes;
    }

    int size() {
        return bytes.length;
    }

    byte byteAt(int index) {
        return bytes[index];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Needle needle && Arrays.equals(bytes, needle.bytes));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Shows the delimiter as a string literal.
    @Override
    public String toString() {
        StringBuilder literal = new StringBuilder("\"");
        for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
            switch (c) {
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                case '\t' -> literal.append("\\t");
                case '"', '\\' -> literal.append('\\').append(c);
                default -> {
                    if (c >= ' ' && c < 0x7F) {
                        literal.append(c);
                    } else {
                        literal.append("\\x%02X".formatted((int) c));
                    }
                }
            }
        }
        return literal.append('"').toString();
    }
}

package dev.gyre.verify.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// A way in which a message may arrive: in which pieces.
record Chunking(List<byte[]> chunks) {

    /// Returns the ways that any reader must cope with: whole, byte by byte, and split at each
    /// place.
    static List<Chunking> of(byte[] message) {
        List<Chunking> ways = new ArrayList<>();
        ways.add(new Chunking(List.of(message)));
        ways.add(byteByByte(message));
        for (int split = 1; split < message.length; split++) {
            ways.add(
                    new Chunking(
                            List.of(
                                    Arrays.copyOf(message, split),
                                    Arrays.copyOfRange(message, split, message.length))));
        }
        return ways;
    }

    private static Chunking byteByByte(byte[] message) {
        List<byte[]> bytes = new ArrayList<>();
        for (byte b : message) {
            bytes.add(new byte[] {b});
        }
        return new Chunking(bytes);
    }

    @Override
    public String toString() {
        return chunks.stream()
                .map(chunk -> Integer.toString(chunk.length))
                .collect(Collectors.joining("+", "in pieces of ", " bytes"));
    }
}

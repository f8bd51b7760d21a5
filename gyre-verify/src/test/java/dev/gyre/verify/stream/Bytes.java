package dev.gyre.verify.stream;

/// Bytes to send.
final class Bytes {

    private Bytes() {}

    /// Returns bytes of which none is like its neighbours, and no two stretches are alike for long.
    static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int index = 0; index < size; index++) {
            bytes[index] = (byte) (index * 31 + (index >>> 8) * 7);
        }
        return bytes;
    }
}

package dev.gyre.bench.peers;

import java.util.Locale;

/// What a server does for its clients.
public enum Service {

    /// Sends each line back.
    LINES,

    /// Sends each block of [#BLOCK_SIZE] bytes back once it is complete.
    BLOCKS,

    /// Sends each line back, over TLS.
    TLS,

    /// Sends each line to all clients, its sender included.
    CHAT;

    /// The size of a block in bytes: what fits into one TLS record, and into a default socket
    /// buffer.
    public static final int BLOCK_SIZE = 16 * 1024;

    /// The longest line that a server must take, in bytes.
    public static final int LINE_BYTES_MAX = 8 * 1024;

    /// Returns the service as a word for a command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Returns the service that a command line names.
    static Service of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}

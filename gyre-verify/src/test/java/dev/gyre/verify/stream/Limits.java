package dev.gyre.verify.stream;

import dev.gyre.stream.StreamOptions;

/// The options of streams with one limit that is not the default.
final class Limits {

    private Limits() {}

    static StreamOptions readBuffer(int bytes) {
        return StreamOptions.defaults().withReadBufferBytesMax(bytes);
    }

    static StreamOptions writeQueue(int bytes) {
        return StreamOptions.defaults().withWriteQueueBytesMax(bytes);
    }
}

package dev.gyre.verify.stream;

import dev.gyre.stream.IOStream;

/// Two connected streams of one loop.
///
/// @param near the one that is tested
/// @param far its peer
record Ends(IOStream near, IOStream far) implements AutoCloseable {

    @Override
    public void close() {
        near.close();
        far.close();
    }
}

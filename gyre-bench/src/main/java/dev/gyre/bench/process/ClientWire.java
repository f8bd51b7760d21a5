package dev.gyre.bench.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A client's end of a connection that never blocks: in the clear, or through TLS.
interface ClientWire {

    /// Reads what is there. Returns how many bytes, or -1 at the end.
    int read(ByteBuffer target) throws IOException;

    /// Writes what fits. Returns how many bytes of `source`.
    int write(ByteBuffer source) throws IOException;

    /// Returns the channel to wait for.
    SocketChannel channel();

    /// A connection in the clear.
    record Clear(SocketChannel channel) implements ClientWire {

        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return channel.write(source);
        }
    }
}

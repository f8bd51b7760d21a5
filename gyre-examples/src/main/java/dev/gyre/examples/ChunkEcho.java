package dev.gyre.examples;

import dev.gyre.loop.Handler;
import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// Echoes one connection, a chunk at a time: reads when it has nothing to send, and reads no more
/// until the chunk is sent.
///
/// Registered with a loop, the handler lives on its own; closing the loop closes the connection.
final class ChunkEcho implements Handler<SocketChannel> {

    /// How many bytes are received at most at once. A socket with less room takes a part of them.
    private static final int CHUNK_BYTES = 16_384;

    private final IOLoop loop;
    private final PrintStream out;
    private final String address;

    /// The bytes that have been read and are still to be sent, between position and limit.
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).limit(0);

    private ChunkEcho(IOLoop loop, PrintStream out, String address) {
        this.loop = loop;
        this.out = out;
        this.address = address;
    }

    /// Echoes on `loop` what comes from a connection, and tells of its begin and end.
    static void serve(
            IOLoop loop, PrintStream out, SocketChannel connection, InetSocketAddress client) {
        String address = HostPort.text(client);
        loop.addHandler(connection, new ChunkEcho(loop, out, address), IOLoop.READ);
        out.println("Connection from " + address);
    }

    @Override
    public void handle(SocketChannel connection, int events) throws IOException {
        if ((events & IOLoop.ERROR) == IOLoop.ERROR) {
            end(connection, "Exception on ");
            return;
        }
        if (!chunk.hasRemaining() && !receive(connection)) {
            end(connection, "Closing ");
            return;
        }
        connection.write(chunk);
        loop.updateHandler(connection, chunk.hasRemaining() ? IOLoop.WRITE : IOLoop.READ);
    }

    /// Reads a chunk, and returns false at the end of the input.
    private boolean receive(SocketChannel connection) throws IOException {
        int count = connection.read(chunk.clear());
        chunk.flip();
        return count >= 0;
    }

    private void end(SocketChannel connection, String how) throws IOException {
        out.println(how + address);
        loop.removeHandler(connection);
        connection.close();
    }
}

package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/// One client that sends as many lines as an echo server takes, and reads its answers. Rests until
/// it is told to begin.
final class Flood implements LoadLoop.Client {

    /// How many lines it sends at most before others have their turn: 32 kB of them occupy the load
    /// generator for some ten microseconds.
    private static final int LINES = 512;

    private final EchoBytes bytes;
    private final SelectionKey key;

    /// How many lines have come back since it was last asked.
    private long answered;

    /// @param number tells it from all other clients
    Flood(InetSocketAddress server, int number, int lineSize, LoadLoop loop) throws IOException {
        ClientWire wire = EchoLoad.Dial.clear(server);
        bytes = new EchoBytes(wire, number, lineSize, LINES);
        key = loop.register(wire.channel(), SelectionKey.OP_READ, this);
    }

    void begin() {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    /// Sends no more; what is on its way still comes back.
    void pause() {
        key.interestOps(SelectionKey.OP_READ);
    }

    /// Returns how many lines have come back since the last call.
    long takeAnswered() {
        long count = answered;
        answered = 0;
        return count;
    }

    @Override
    public void ready(ByteBuffer buffer, LoadLoop loop) throws IOException {
        if (key.isWritable()) {
            bytes.write(bytes.period());
        }
        if (key.isReadable()) {
            answered += bytes.read(buffer);
        }
    }
}

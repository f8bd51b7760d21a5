package dev.gyre.bench;

import dev.gyre.loop.BareCallback;
import dev.gyre.loop.IOLoop;
import java.nio.ByteBuffer;

/// A connection without a kernel: its peer sends the same bytes again whenever it has got as many.
final class RepeatingTransport extends KernelFreeTransport {

    private final ByteBuffer message;
    private final Runnable onAnswer;

    /// How many bytes of the answer are missing.
    private int missing;

    /// @param message what the peer sends
    /// @param onAnswer called when as many bytes have come back; bare
    RepeatingTransport(byte[] message, Runnable onAnswer) {
        this.message = ByteBuffer.allocateDirect(message.length).put(message);
        this.onAnswer = onAnswer;
    }

    @Override
    public void attach(IOLoop newLoop, Target newTarget) {
        super.attach(newLoop, newTarget);
        send();
    }

    private void send() {
        missing = message.flip().remaining();
        loop().addCallback((BareCallback) this::tell);
    }

    private void tell() {
        target().ready(IOLoop.READ);
        if (message.hasRemaining()) {
            loop().addCallback((BareCallback) this::tell);
        }
    }

    @Override
    public void watch(int events) {
        // It tells what it is told to, and is never asked to wait.
    }

    @Override
    public int read(ByteBuffer into) {
        return move(message, into, message.remaining());
    }

    @Override
    public int write(ByteBuffer source) {
        int count = super.write(source);
        missing -= count;
        if (missing == 0) {
            onAnswer.run();
            send();
        }
        return count;
    }
}

package dev.gyre.testing;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Keeps what is written to `System.err`, and passes it on.
final class StderrCapture implements AutoCloseable {

    /// How many bytes are kept: the first lines say what happened.
    private static final int SIZE_MAX = 16_384;

    private final PrintStream before = System.err;

    /// What was written, as far as it is kept. Guarded by itself: any thread may write.
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private StderrCapture() {}

    static StderrCapture open() {
        StderrCapture capture = new StderrCapture();
        System.setErr(new PrintStream(capture.new Tee(), true, StandardCharsets.UTF_8));
        return capture;
    }

    /// Returns the beginning of what was written so far.
    String written() {
        synchronized (written) {
            return written.toString(StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        System.setErr(before);
    }

    private final class Tee extends OutputStream {

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            synchronized (written) {
                written.write(octets, offset, Math.min(length, SIZE_MAX - written.size()));
            }
            before.write(octets, offset, length);
            before.flush();
        }
    }
}

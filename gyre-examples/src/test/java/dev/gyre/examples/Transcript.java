package dev.gyre.examples;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What a demo prints, line by line, for a test that waits for it on another thread.
final class Transcript extends OutputStream {

    /// A safety net for a hanging test; no test depends on it.
    private static final int SECONDS_MAX = 30;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /// The line that has not ended yet. Only the loop's thread prints.
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    PrintStream stream() {
        return new PrintStream(this, true, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int value) {
        if (value == '\n') {
            lines.add(line.toString(StandardCharsets.UTF_8).stripTrailing());
            line.reset();
        } else {
            line.write(value);
        }
    }

    /// Waits for the next line.
    String nextLine() throws InterruptedException {
        String next = lines.poll(SECONDS_MAX, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing more was printed");
        }
        return next;
    }

    /// Waits until so many lines begin like this, and skips all others.
    void awaitLines(String prefix, int count) throws InterruptedException {
        for (int seen = 0; seen < count; ) {
            if (nextLine().startsWith(prefix)) {
                seen++;
            }
        }
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }
}

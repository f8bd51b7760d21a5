package dev.gyre.bench;

import dev.gyre.stream.IOStream;
import dev.gyre.stream.UnsatisfiableReadException;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// What a read up to a delimiter costs beside the kernel: the search, the queue of bytes that it
/// goes through, and the coroutine that waits for it, as often as bytes come. With `-prof gc` it
/// tells what is allocated for each read.
public class SearchBenchmark extends StreamBenchmark {

    /// A multiple of what a turn can satisfy: a reader that finds its bytes there goes on until it
    /// has to wait.
    private static final int READS = 1024;

    private static final int LINE_SIZE = 64;
    private static final int LONG_SIZE = 8 * 1024;
    private static final int PORTION_MAX = 64 * 1024;

    /// What comes, and how.
    public enum Input {
        /// A line of 64 bytes in each turn.
        LINE(line(LINE_SIZE), LINE_SIZE, "\n"),

        /// A thousand such lines in a turn, so that most reads find theirs in the buffer.
        LINES_TOGETHER(line(LINE_SIZE).repeat(PORTION_MAX / LINE_SIZE), PORTION_MAX, "\n"),

        /// A line of 8 kB in each turn.
        LONG_LINE(line(LONG_SIZE), LONG_SIZE, "\n"),

        /// A line of 8 kB, 64 bytes in each turn: who searches all of it each time, reads 520 kB.
        TRICKLING_LINE(line(LONG_SIZE), LINE_SIZE, "\n"),

        /// Sixteen lines and an empty one, in each turn, whose ends are beginnings of the
        /// delimiter.
        HEAD(head(), head().length(), "\r\n\r\n"),

        /// A kilobyte in each turn, and never the delimiter, up to the limit of 64 kB. That counts
        /// as one read, and so does throwing it away.
        NEVER_FOUND("x".repeat(1024), 1024, "\n");

        private final String text;
        private final int portion;
        private final String delimiter;

        Input(String text, int portion, String delimiter) {
            this.text = text;
            this.portion = portion;
            this.delimiter = delimiter;
        }

        private static String line(int size) {
            return "x".repeat(size - 1) + "\n";
        }

        private static String head() {
            return ("x".repeat(LINE_SIZE - 2) + "\r\n").repeat(16) + "\r\n";
        }
    }

    @Param public Input input = Input.LINE;

    @Setup
    public void serve() {
        byte[] bytes = input.text.getBytes(StandardCharsets.US_ASCII);
        IOStream stream = new IOStream(loop(), new EndlessTransport(bytes, input.portion));
        loop().spawn("reader", () -> read(stream));
    }

    private boolean read(IOStream stream) {
        while (true) {
            try {
                stream.readUntil(input.delimiter).await();
            } catch (UnsatisfiableReadException e) {
                stream.readSome(2 * PORTION_MAX).await();
            }
            done(1);
        }
    }

    @Benchmark
    @OperationsPerInvocation(READS)
    public void until() {
        run(READS);
    }
}

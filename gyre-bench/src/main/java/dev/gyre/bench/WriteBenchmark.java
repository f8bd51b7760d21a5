package dev.gyre.bench;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.stream.IOStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a write costs beside the kernel, from the call to the end of the turn, which sends what the
/// turn has written. With `-prof gc` it tells what is allocated for each write.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class WriteBenchmark {

    private static final int WRITES = 256;
    private static final int LINE_SIZE = 64;
    private static final int BLOCK_SIZE = 16 * 1024;

    /// How many writes there are in a turn.
    @Param({"1", "16", "256"})
    public int together;

    private final IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(DeafPoller::new));

    /// How many writes are missing until the loop stops.
    private int left;

    @TearDown
    public void close() {
        loop.close();
    }

    /// Lines of 64 bytes, as arrays.
    @State(Scope.Benchmark)
    public static class Lines {

        @Setup
        public void serve(WriteBenchmark bench) {
            byte[] line = new byte[LINE_SIZE];
            bench.serve(stream -> stream.write(line));
        }
    }

    /// Blocks of 16 kB, in a direct buffer.
    @State(Scope.Benchmark)
    public static class Blocks {

        @Setup
        public void serve(WriteBenchmark bench) {
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_SIZE);
            bench.serve(stream -> stream.write(block.duplicate()));
        }
    }

    /// Writes once.
    private interface Writer {
        LoopFuture<?> write(IOStream stream);
    }

    private void serve(Writer writer) {
        IOStream stream = new IOStream(loop, new EndlessTransport(new byte[1], 1));
        loop.spawn("writer", () -> write(stream, writer));
    }

    private boolean write(IOStream stream, Writer writer) {
        while (true) {
            for (int i = 1; i < together; i++) {
                var _ = writer.write(stream);
            }
            writer.write(stream).await();
            left -= together;
            if (left == 0) {
                loop.stop();
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(WRITES)
    public void lines(Lines lines) {
        run();
    }

    @Benchmark
    @OperationsPerInvocation(WRITES)
    public void blocks(Blocks blocks) {
        run();
    }

    private void run() {
        left = WRITES;
        loop.start();
    }
}

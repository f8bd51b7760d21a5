package dev.gyre.bench;

import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What a write costs beside the kernel, from the call to the end of the turn, which sends what the
/// turn has written. With `-prof gc` it tells what is allocated for each write.
public class WriteBenchmark extends StreamBenchmark {

    private static final int WRITES = 256;
    private static final int LINE_SIZE = 64;
    private static final int BLOCK_SIZE = 16 * 1024;

    /// How many writes there are in a turn.
    @Param({"1", "16", "256"})
    public int together;

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
        IOStream stream = new IOStream(loop(), new EndlessTransport(new byte[1], 1));
        loop().spawn("writer", () -> write(stream, writer));
    }

    private boolean write(IOStream stream, Writer writer) {
        while (true) {
            for (int i = 1; i < together; i++) {
                var _ = writer.write(stream);
            }
            writer.write(stream).await();
            done(together);
        }
    }

    @Benchmark
    @OperationsPerInvocation(WRITES)
    public void lines(Lines lines) {
        run(WRITES);
    }

    @Benchmark
    @OperationsPerInvocation(WRITES)
    public void blocks(Blocks blocks) {
        run(WRITES);
    }
}

package dev.gyre.bench;

import dev.gyre.stream.IOStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// What reads by size cost beside the kernel: taking bytes out of the queue in which they wait,
/// joining what came in pieces, or passing the queue by. With `-prof gc` it tells what is allocated
/// for each read.
public class ByteQueueBenchmark extends StreamBenchmark {

    /// A multiple of what a turn can satisfy: a reader that finds its bytes there goes on until it
    /// has to wait.
    private static final int READS = 1024;

    private static final int SMALL_SIZE = 64;
    private static final int BLOCK_SIZE = 16 * 1024;
    private static final int PORTION_MAX = 64 * 1024;

    /// What a segment of TCP carries over an Ethernet.
    private static final int SEGMENT_SIZE = 1448;

    /// What is read from what.
    public enum Read {
        /// 64 bytes of the 64 kB that come in a turn.
        SMALL_OF_MUCH(PORTION_MAX),

        /// 16 kB that come at once, as an array.
        BLOCK(BLOCK_SIZE),

        /// 16 kB that come in twelve turns, as an array.
        BLOCK_OF_PIECES(SEGMENT_SIZE),

        /// 16 kB that come in twelve turns, into a buffer on the heap.
        INTO_HEAP_OF_PIECES(SEGMENT_SIZE),

        /// 16 kB that come at once, into a direct buffer, which is filled without a copy.
        INTO_DIRECT(BLOCK_SIZE),

        /// Whatever has come, which is 1,448 bytes.
        SOME(SEGMENT_SIZE);

        private final int portion;

        Read(int portion) {
            this.portion = portion;
        }

        private Consumer<IOStream> body() {
            return switch (this) {
                case SMALL_OF_MUCH -> stream -> stream.readBytes(SMALL_SIZE).await();
                case BLOCK, BLOCK_OF_PIECES -> stream -> stream.readBytes(BLOCK_SIZE).await();
                case INTO_HEAP_OF_PIECES -> into(ByteBuffer.allocate(BLOCK_SIZE));
                case INTO_DIRECT -> into(ByteBuffer.allocateDirect(BLOCK_SIZE));
                case SOME -> stream -> stream.readSome(PORTION_MAX).await();
            };
        }

        private static Consumer<IOStream> into(ByteBuffer block) {
            return stream -> stream.readInto(block.clear()).await();
        }
    }

    @Param public Read read = Read.SMALL_OF_MUCH;

    @Setup
    public void serve() {
        IOStream stream =
                new IOStream(loop(), new EndlessTransport(new byte[PORTION_MAX], read.portion));
        Consumer<IOStream> body = read.body();
        loop().spawn("reader", () -> read(stream, body));
    }

    private boolean read(IOStream stream, Consumer<IOStream> body) {
        while (true) {
            body.accept(stream);
            done(1);
        }
    }

    @Benchmark
    @OperationsPerInvocation(READS)
    public void bySize() {
        run(READS);
    }
}

package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.UnsatisfiableReadException;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.MemoryTransport.Faults;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;

/// What streams cost, in calls of the transport and turns of the loop.
final class StreamStepsTest {

    private static final int MEGABYTE = 1024 * 1024;

    private final MemoryTransport.Pair pair = MemoryTransport.pair();
    private IOStream near;

    @AfterEach
    void close() {
        near.close();
    }

    private void open(TestLoop test, StreamOptions options) {
        near = new IOStream(test.loop(), pair.near(), options);
    }

    private int farWrites(int count) throws IOException {
        return pair.far().write(ByteBuffer.wrap(new byte[count]));
    }

    @GyreTest
    void aLineInPiecesTakesOneCallForEach(TestLoop test) throws IOException {
        open(test, Limits.readBuffer(5 * MEGABYTE));
        LoopFuture<byte[]> line = near.readUntil("\n", 5 * MEGABYTE);

        for (int piece = 0; piece < 4096; piece++) {
            farWrites(1024);
            test.runUntilIdle();
        }
        pair.far().write(ByteBuffer.wrap(new byte[] {'\n'}));
        test.runUntilIdle();

        assertThat(line.resultNow()).hasSize(4 * MEGABYTE + 1);
        assertThat(pair.near().calls()).isEqualTo(4097);
        assertThat(test.loop().metrics().turns()).isLessThan(4 * 4097);
    }

    @GyreTest
    void aLineByteByByteTakesOneCallForEach(TestLoop test) {
        open(test, StreamOptions.defaults());
        pair.near().faults(Faults.pieces(1));
        IOStream far = new IOStream(test.loop(), pair.far());
        int length = 50_000;
        LoopFuture<String> line = near.readLine();
        far.write("x".repeat(length - 1) + "\n");

        test.runUntilIdle();

        assertThat(line.resultNow()).hasSize(length - 1);
        assertThat(pair.near().calls()).isEqualTo(length);
        far.close();
    }

    @GyreTest
    void aStreamThatNobodyReadsTakesInOneBufferFullAndNoMore(TestLoop test) throws IOException {
        open(test, StreamOptions.defaults());
        assertThat(farWrites(MEGABYTE)).isEqualTo(64 * 1024);
        test.runUntilIdle();
        assertThat(farWrites(MEGABYTE)).isEqualTo(64 * 1024);

        test.runUntilIdle();

        assertThat(near.bytesIn()).isEqualTo(64 * 1024);
        assertThat(pair.near().calls()).isEqualTo(1);
        assertThat(farWrites(1)).isZero();
    }

    @GyreTest
    void anIdleStreamCostsNothing(TestLoop test) {
        open(test, StreamOptions.defaults());
        test.runUntilIdle();
        long handled = test.loop().metrics().callbacks();

        test.runUntilIdle();

        assertThat(pair.near().calls()).isZero();
        assertThat(test.loop().metrics().callbacks()).isEqualTo(handled);
    }

    @GyreTest
    void aReadAsksForNoMoreThanTheLimitAndOneByte(TestLoop test) throws IOException {
        open(test, Limits.readBuffer(100));
        farWrites(1000);
        LoopFuture<byte[]> read = near.readUntil("\n", 100);

        test.runUntilIdle();

        assertThat(near.bytesIn()).isEqualTo(101);
        assertThat(read.exceptionNow()).isInstanceOf(UnsatisfiableReadException.class);
    }

    @GyreTest
    void theLargestReadBufferIsFilledAsFastAsAnyOther(TestLoop test) throws IOException {
        open(test, Limits.readBuffer(Integer.MAX_VALUE));
        LoopFuture<byte[]> read = near.readBytes(60_000);

        farWrites(60_000);
        test.runUntilIdle();

        assertThat(read.resultNow()).hasSize(60_000);
        assertThat(pair.near().calls()).isEqualTo(1);
    }

    @GyreTest
    void writesOfATurnAreSentInOneCall(TestLoop test) {
        open(test, StreamOptions.defaults());
        for (int write = 0; write < 100; write++) {
            near.write("some bytes");
        }

        test.runUntilIdle();

        assertThat(near.bytesOut()).isEqualTo(1000);
        assertThat(pair.near().calls()).isEqualTo(1);
    }

    @GyreTest
    void aTurnSendsEightBuffersFullAtMost(TestLoop test) {
        MemoryTransport.Pair wide = MemoryTransport.pair(4 * MEGABYTE);
        near = new IOStream(test.loop(), wide.near());

        near.write(new byte[2 * MEGABYTE]);

        assertThat(near.bytesOut()).isEqualTo(8 * 64 * 1024);
        test.runUntilIdle();
        assertThat(near.bytesOut()).isEqualTo(2 * MEGABYTE);
    }

    @GyreTest
    void aWriterThatIsHeldUpCostsNothing(TestLoop test) {
        open(test, StreamOptions.defaults());
        near.write(new byte[MEGABYTE]);
        test.runUntilIdle();
        int calls = pair.near().calls();

        near.write("more");
        test.runUntilIdle();

        assertThat(near.bytesOut()).isEqualTo(64 * 1024);
        assertThat(pair.near().calls()).isEqualTo(calls);
    }

    @GyreTest
    void theMarksOfTheQueueAreExact(TestLoop test) throws IOException {
        open(test, StreamOptions.defaults());
        near.write(new byte[MemoryTransport.CAPACITY_BYTES]);
        test.runUntilIdle();
        near.write(new byte[StreamOptions.WRITE_HIGH_WATER_BYTES]);
        assertThat(near.bytesQueued()).isEqualTo(StreamOptions.WRITE_HIGH_WATER_BYTES);
        assertThat(near.drain().isDone()).as("at high water").isTrue();
        near.write("x");
        LoopFuture<Void> drained = near.drain();
        assertThat(drained.isDone()).as("above high water").isFalse();

        farReads(StreamOptions.WRITE_HIGH_WATER_BYTES - StreamOptions.WRITE_LOW_WATER_BYTES, test);
        assertThat(drained.isDone()).as("above low water").isFalse();
        farReads(1, test);

        assertThat(near.bytesQueued()).isEqualTo(StreamOptions.WRITE_LOW_WATER_BYTES);
        assertThat(drained.isDone()).as("at low water").isTrue();
    }

    private void farReads(int count, TestLoop test) throws IOException {
        ByteBuffer away = ByteBuffer.allocate(count);
        while (away.hasRemaining()) {
            pair.far().read(away);
            test.runUntilIdle();
        }
    }
}

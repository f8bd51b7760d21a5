package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.TaskScope;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamBufferFullException;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.Transport;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/// When writes are sent, done, and refused.
final class WritesTest {

    private static final int MEGABYTE = 1024 * 1024;

    private Dialogue talk;

    @AfterEach
    void close() {
        talk.close();
    }

    @OnEachWire
    void writesOfATurnLeaveAtItsEnd(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<Void> first = talk.near().write("one ");
        LoopFuture<Void> second = talk.near().write("two");

        assertThat(first.isDone()).isFalse();
        assertThat(talk.near().bytesQueued()).isEqualTo(7);
        assertThat(talk.near().bytesOut()).isZero();

        talk.get(second);
        assertThat(first.isDone()).isTrue();
        assertThat(talk.near().bytesQueued()).isZero();
        assertThat(talk.near().bytesOut()).isEqualTo(7);
        assertThat(talk.text(talk.far().readBytes(7))).isEqualTo("one two");
    }

    @OnEachWire
    void flushSendsAtOnce(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<Void> sent = talk.near().write("now");

        talk.near().flush();

        assertThat(sent.isDone()).isTrue();
        assertThat(talk.near().bytesOut()).isEqualTo(3);
        talk.near().flush();
        assertThat(talk.text(talk.far().readBytes(3))).isEqualTo("now");
    }

    @OnEachWire
    void moreThanABufferFullIsSentAtOnce(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);

        talk.near().write(Bytes.pattern(64 * 1024));
        assertThat(talk.near().bytesOut()).isZero();
        talk.near().write("x");

        assertThat(talk.near().bytesOut()).isPositive();
    }

    @OnEachWire
    void theFirstBlockOfATurnInADirectBufferIsSentAtOnce(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        byte[] block = Bytes.pattern(8 * 1024);
        ByteBuffer direct = ByteBuffer.allocateDirect(block.length).put(block).flip();

        assertThat(talk.near().write(direct).isDone()).isTrue();
        // Else a writer that awaits each would own the loop.
        assertThat(talk.near().write(direct).isDone()).isFalse();
        LoopFuture<Void> behind = talk.near().write(direct);
        assertThat(behind.isDone()).isFalse();

        talk.get(behind);
        assertThat(talk.near().bytesOut()).isEqualTo(3L * block.length);
        assertThat(talk.get(talk.far().readBytes(block.length))).isEqualTo(block);
    }

    @OnEachWire
    void writesAreDoneInOrderByPosition(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        List<String> done = new ArrayList<>();
        note(talk.near().write(Bytes.pattern(5 * MEGABYTE)), "large", done);
        note(talk.near().write(""), "empty", done);
        note(talk.near().write("x"), "small", done);
        talk.idle();
        assertThat(done).isEmpty();

        talk.run(() -> readAway(talk.far(), 5 * MEGABYTE + 1));
        talk.until(() -> done.size() == 3);

        assertThat(done).containsExactly("large", "empty", "small");
    }

    private static void note(LoopFuture<Void> write, String name, List<String> done) {
        write.onDone(sent -> done.add(name), failure -> done.add(name + " failed"));
    }

    private static long readAway(IOStream stream, long count) {
        long left = count;
        while (left > 0) {
            left -= stream.readSome(MEGABYTE).await().length;
        }
        return left;
    }

    @OnEachWire
    void anEmptyWriteIsDoneThoughNothingElseIsSent(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);

        talk.get(talk.near().write(new byte[0]));
        talk.get(talk.near().write());
        test.runUntilIdle();

        assertThat(talk.near().bytesOut()).isZero();
    }

    @OnEachWire
    void severalBuffersGoOutAsTheyLie(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        ByteBuffer part = ByteBuffer.wrap(Dialogue.bytes("xxheadxx")).position(2).limit(6);
        ByteBuffer direct = ByteBuffer.allocateDirect(8).putInt(0x2D2D2D2D).flip();
        ByteBuffer readOnly = ByteBuffer.wrap(Dialogue.bytes("tail")).asReadOnlyBuffer();

        talk.get(talk.near().write(part, direct, readOnly));

        assertThat(talk.text(talk.far().readBytes(12))).isEqualTo("head----tail");
        assertThat(part.position()).isEqualTo(2);
        assertThat(direct.position()).isZero();
    }

    @OnEachWire
    void theOrderOfBytesInABufferIsNotThatOfItsNumbers(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        ByteBuffer ints = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        ints.asIntBuffer().put(new int[] {0x04030201, 0x08070605});

        talk.near().write(ints);

        assertThat(talk.get(talk.far().readBytes(8))).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @OnEachWire
    void aPartOfABufferIsSentAndAPartOfThatRead(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().write(ByteBuffer.wrap(Dialogue.bytes("hello world"), 0, 5));

        assertThat(talk.text(talk.far().readBytes(4))).isEqualTo("hell");
        assertThat(talk.text(talk.far().readSome(10))).isEqualTo("o");
    }

    @OnEachWire
    void aCancelledWriteIsSentAllTheSame(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<Void> write = talk.near().write("one ");
        talk.near().write("two\n");

        write.cancel();

        assertThat(talk.get(talk.far().readLine())).isEqualTo("one two");
    }

    @OnEachWire
    void aFullQueueRefusesAWriteAndStaysUsable(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.writeQueue(10));
        talk.near().write("0123456789");

        assertThatExceptionOfType(StreamBufferFullException.class)
                .isThrownBy(() -> talk.near().write("x"))
                .withMessageEndingWith(
                        "10 bytes are queued, and the limit is 10; await drain() between writes");
        assertThat(talk.near().bytesQueued()).isEqualTo(10);

        assertThat(talk.text(talk.far().readBytes(10))).isEqualTo("0123456789");
        talk.near().write("x");
        assertThat(talk.text(talk.far().readBytes(1))).isEqualTo("x");
    }

    @OnEachWire
    void aQueueIsFullOfSmallWritesLongBeforeTheirBytesReachTheLimit(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire, Limits.writeQueue(4096 * 64));
        for (int count = 0; count < 4096; count++) {
            talk.near().write("x");
        }

        assertThatExceptionOfType(StreamBufferFullException.class)
                .isThrownBy(() -> talk.near().write(""))
                .withMessageEndingWith(
                        "4096 writes are queued, and the limit is 4096;"
                                + " await drain() between writes");

        assertThat(talk.get(talk.far().readBytes(4096))).containsOnly('x');
        talk.near().write("y");
        assertThat(talk.text(talk.far().readBytes(1))).isEqualTo("y");
    }

    @OnEachWire
    void drainHoldsUpAWriterOfManySmallWrites(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        for (int count = 0; count < 4096; count++) {
            talk.near().write("x");
        }
        assertThat(talk.near().drain().isDone()).isTrue();
        talk.near().write("x");

        LoopFuture<Void> drained = talk.near().drain();

        assertThat(drained.isDone()).isFalse();
        talk.get(drained);
        assertThat(talk.near().bytesQueued()).isLessThanOrEqualTo(1024);
    }

    @OnEachWire
    void theLimitCountsWhatIsQueuedBeforeTheWrite(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.writeQueue(10));
        talk.near().write("012345678");

        talk.near().write("larger than the limit");

        assertThat(talk.text(talk.far().readBytes(30))).endsWith("larger than the limit");
    }

    @OnEachWire
    void aRefusedWriteOfSeveralBuffersQueuesNone(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.writeQueue(4));
        talk.near().write("full");

        assertThatExceptionOfType(StreamBufferFullException.class)
                .isThrownBy(
                        () -> talk.near().write(ByteBuffer.allocate(1), ByteBuffer.allocate(1)));

        assertThat(talk.near().bytesQueued()).isEqualTo(4);
    }

    @OnEachWire
    void severalBuffersOfWhichOneIsNullQueueNone(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);

        assertThatNullPointerException()
                .isThrownBy(() -> talk.near().write(ByteBuffer.allocate(1), null));

        assertThat(talk.near().bytesQueued()).isZero();
    }

    @GyreTest
    void noWriterComesBetweenTheBuffersOfAnother(TestLoop test) {
        MemoryTransport.Pair pair = MemoryTransport.pair();
        Transport suspending = new MeddledTransport(pair.near()).suspendingWriters();
        talk =
                new Dialogue(
                        test,
                        new Ends(
                                new IOStream(test.loop(), suspending),
                                new IOStream(test.loop(), pair.far())));
        ByteBuffer part = ByteBuffer.wrap(Dialogue.bytes("a".repeat(100_000)));
        test.loop().spawn("one", () -> talk.near().write(part, part));
        test.loop().spawn("other", () -> talk.near().write("b"));

        assertThat(talk.text(talk.far().readBytes(200_001))).isEqualTo("a".repeat(200_000) + "b");
    }

    @OnEachWire
    void drainHoldsTheWriterUpUntilTheQueueIsShort(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        IOStream near = talk.near();
        near.write(new byte[12 * MEGABYTE]);
        talk.idle();
        LoopFuture<Void> drained = near.drain();
        assertThat(drained.isDone()).isFalse();
        long queuedBefore = near.bytesQueued();

        while (!drained.isDone()) {
            assertThat(near.bytesQueued()).isGreaterThan(StreamOptions.WRITE_LOW_WATER_BYTES);
            queuedBefore = near.bytesQueued();
            talk.get(talk.far().readSome(16 * 1024));
        }

        assertThat(queuedBefore).isGreaterThan(StreamOptions.WRITE_LOW_WATER_BYTES);
        assertThat(near.bytesQueued()).isLessThanOrEqualTo(StreamOptions.WRITE_LOW_WATER_BYTES);
    }

    @OnEachWire
    void aDrainThatNobodyWaitsForAnyMoreLeavesTheOthers(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().write(new byte[12 * MEGABYTE]);
        LoopFuture<Void> first = talk.near().drain();
        LoopFuture<Void> second = talk.near().drain();

        assertThat(second).as("a writer may ask after each of its writes").isSameAs(first);
        first.cancel();
        talk.run(() -> readAway(talk.far(), 12 * MEGABYTE));

        talk.get(second);
        assertThat(talk.near().bytesQueued()).isZero();
    }

    @OnEachWire
    void drainOfAShortQueueIsDoneAlready(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().write("short");

        assertThat(talk.near().drain().isDone()).isTrue();
    }

    @OnEachWire
    void everyWriteOfTenConcurrentWritersArrives(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        byte[] block = Bytes.pattern(5000);

        talk.run(() ->
                TaskScope.run(scope -> {
                    for (int writer = 0; writer < 10; writer++) {
                        scope.spawn("writer", () -> writeMany(block, 200));
                    }
                    for (int read = 0; read < 10 * 200; read++) {
                        byte[] received = talk.far().readBytes(5000).await();
                        assertThat(Arrays.equals(received, block)).isTrue();
                    }
                }));

        assertThat(talk.near().bytesOut()).isEqualTo(10 * 200 * 5000L);
    }

    private Void writeMany(byte[] block, int count) {
        for (int write = 0; write < count; write++) {
            talk.near().write(block).await();
        }
        return null;
    }

    @OnEachWire
    void aWriteToAClosedStreamGivesAFailedFuture(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().close();

        for (LoopFuture<?> late :
                List.of(
                        talk.near().write("late"),
                        talk.near().write(""),
                        talk.near().drain(),
                        talk.near().write(),
                        talk.near().shutdownOutput())) {
            assertThat(talk.failure(late))
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageContaining("was closed on this side");
        }
    }

    @OnEachWire
    void partsOfFilesThatCannotBeAreRefused(Wire wire, TestLoop test) throws Exception {
        talk = new Dialogue(test, wire);
        try (var file = TempFile.of("content")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> talk.near().sendFile(file.channel(), -1, 1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> talk.near().sendFile(file.channel(), 0, -1));
            talk.near().write("behind these bytes, all of it");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> talk.near().sendFile(file.channel(), 0, Long.MAX_VALUE));
        }
    }
}

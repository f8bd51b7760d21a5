package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.Transport;
import dev.gyre.testing.TestLoop;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;

/// A peer that answers and leaves without having read everything: its kernel sends a reset behind
/// the answer, which fails our writes, and the answer must be read all the same.
final class LastWordsTest {

    private static final int MEGABYTE = 1024 * 1024;

    private final List<String> told = new ArrayList<>();
    private Dialogue talk;

    /// The end below the far stream.
    private Transport peer;

    @AfterEach
    void close() {
        talk.close();
    }

    private void connect(Wire wire, TestLoop test) throws IOException {
        connect(wire, test, StreamOptions.defaults());
    }

    private void connect(Wire wire, TestLoop test, StreamOptions near) throws IOException {
        Wire.Pair pair = wire.connect(AbruptTransport::new);
        peer = pair.far();
        talk = new Dialogue(test, wire.join(test.loop(), pair, near, StreamOptions.defaults()));
    }

    /// Lets the near stream send more than the far one reads, until there is no room.
    private LoopFuture<Void> upload() {
        LoopFuture<Void> upload = talk.near().write(new byte[12 * MEGABYTE]);
        talk.get(talk.far().peek(1));
        talk.idle();
        return upload;
    }

    /// Lets the peer answer and leave in the middle of the upload, of which the next piece meets
    /// the reset before anything was read.
    private void answerAndReset(String answer) {
        say(answer);
        peer.close();
        talk.near().flush();
    }

    private void say(String answer) {
        talk.far().write(answer);
        talk.far().flush();
    }

    private void assertReset(LoopFuture<?> future) {
        Throwable failure = talk.failure(future);
        assertThat(failure).isInstanceOf(StreamClosedException.class);
        assertReset((StreamClosedException) failure);
    }

    private static void assertReset(StreamClosedException failure) {
        assertThat(failure.isOrderly()).isFalse();
        assertThat(failure)
                .hasMessageContaining("failed: ")
                .cause()
                .isNotInstanceOfAny(EOFException.class, ClosedChannelException.class);
    }

    // What had come is read.

    @OnEachWire
    void aReadThatIsOutstandingGetsTheAnswer(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        LoopFuture<String> read = talk.near().readLine();
        LoopFuture<Void> upload = upload();

        answerAndReset("413 too large\n");

        assertThat(talk.get(read)).isEqualTo("413 too large");
        assertReset(upload);
        assertReset(talk.near().readLine());
        assertReset(talk.get(talk.near().closed()));
    }

    @OnEachWire
    void aReadThatComesAfterTheFailedWriteGetsTheAnswer(Wire wire, TestLoop test)
            throws IOException {
        connect(wire, test);
        LoopFuture<Void> upload = upload();

        answerAndReset("413 too large\n");
        assertReset(upload);

        assertThat(talk.get(talk.near().readLine())).isEqualTo("413 too large");
        assertReset(talk.near().readLine());
    }

    @OnEachWire
    void anAnswerToAWriteThatWaitsForTheEndOfTheTurnIsRead(Wire wire, TestLoop test)
            throws IOException {
        connect(wire, test);
        talk.near().write("question");
        talk.get(talk.far().peek(8));
        talk.near().write("not read");
        talk.near().flush();
        say("answer\n");
        peer.close();

        LoopFuture<Void> more = talk.near().write("more");

        assertReset(more);
        assertThat(talk.get(talk.near().readLine())).isEqualTo("answer");
        assertReset(talk.near().readLine());
    }

    @OnEachWire
    void afterTheLastBytesTheEndIsTheResetAndNoOrderlyOne(Wire wire, TestLoop test)
            throws IOException {
        connect(wire, test);
        upload();

        answerAndReset("bytes");

        assertThat(talk.text(talk.near().readSome(100))).isEqualTo("bytes");
        assertReset(talk.near().readSome(100));
        assertReset(talk.near().readSomeInto(ByteBuffer.allocate(10)));
        assertReset(talk.near().readUntilClose());
    }

    @OnEachWire
    void anEndOfOutputBeforeTheResetIsNoOrderlyEndForWhoseWritesFailed(Wire wire, TestLoop test)
            throws IOException {
        connect(wire, test, StreamOptions.defaults().withHalfOpen());
        LoopFuture<Void> upload = upload();
        say("bytes");
        talk.far().shutdownOutput();
        talk.far().flush();

        peer.close();
        talk.near().flush();

        assertReset(upload);
        assertThat(talk.text(talk.near().readBytes(5))).isEqualTo("bytes");
        assertReset(talk.near().readSome(100));
        assertReset(talk.get(talk.near().closed()));
    }

    @OnEachWire
    void whatTheBufferHeldBeforeComesFirst(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        talk.arrives("first,");
        upload();

        answerAndReset("second,");

        assertThat(talk.text(talk.near().readBytes(13))).isEqualTo("first,second,");
        assertReset(talk.near().readBytes(1));
    }

    @OnEachWire
    void aLongAnswerIsReadToItsEnd(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        upload();
        String answer = "0123456789abcdef".repeat(4000);

        answerAndReset(answer);

        assertThat(talk.text(talk.near().readBytes(answer.length()))).isEqualTo(answer);
        assertReset(talk.near().readSome(1));
    }

    @OnEachWire
    void aBufferOfTheReaderIsFilled(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        ByteBuffer target = ByteBuffer.allocateDirect(20_000);
        LoopFuture<Integer> read = talk.near().readInto(target);
        upload();

        answerAndReset("x".repeat(20_000));

        assertThat(talk.get(read)).isEqualTo(20_000);
        assertReset(talk.near().readSome(1));
    }

    @OnEachWire
    void aPeerThatLeavesWithoutAWordEndsTheReadFirst(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        LoopFuture<String> read = talk.near().readLine();
        read.onDone(line -> {}, failure -> told.add("read"));
        talk.near().onClose(cause -> told.add("closed"));
        upload().onDone(sent -> {}, failure -> told.add("write"));
        talk.near().drain().onDone(drained -> {}, failure -> told.add("drain"));

        answerAndReset("");
        talk.until(() -> told.size() == 4);

        assertThat(told).containsExactly("read", "write", "drain", "closed");
        assertReset(read);
    }

    // The stream meanwhile.

    @OnEachWire
    void aStreamThatNobodyReadsClosesAndKeepsTheAnswer(Wire wire, TestLoop test)
            throws IOException {
        connect(wire, test);
        upload();
        talk.near().onClose(cause -> told.add(cause.getMessage()));

        answerAndReset("answer");
        talk.until(() -> !told.isEmpty());

        assertThat(talk.near().isOpen()).isFalse();
        assertThat(told.getFirst()).contains("failed: ");
        assertThat(talk.text(talk.near().readBytes(6))).isEqualTo("answer");
    }

    @OnEachWire
    void whatDoesNotFitWaitsForTheReaderAndTheLoopSleeps(Wire wire, TestLoop test)
            throws IOException {
        connect(wire, test, StreamOptions.defaults().withReadBufferBytesMax(1000));
        upload();
        answerAndReset("x".repeat(5000));
        talk.idle();
        long handled = test.loop().metrics().handled();

        talk.idle();

        assertThat(test.loop().metrics().handled()).isEqualTo(handled);
        assertThat(talk.near().isOpen()).isTrue();
        assertThat(talk.near().bytesIn()).isBetween(1000L, 1001L);
        for (int part = 0; part < 5; part++) {
            assertThat(talk.get(talk.near().readBytes(1000))).hasSize(1000);
        }
        assertReset(talk.near().readSome(1));
        assertThat(talk.near().isOpen()).isFalse();
    }

    @OnEachWire
    void closeDoesNotWaitForTheReader(Wire wire, TestLoop test) throws IOException {
        connect(wire, test, StreamOptions.defaults().withReadBufferBytesMax(1000));
        upload();
        answerAndReset("x".repeat(5000));
        talk.idle();

        talk.near().close();

        assertThat(talk.near().isOpen()).isFalse();
        assertReset(talk.get(talk.near().closed()));
        assertThat(talk.get(talk.near().readBytes(1000))).hasSize(1000);
        assertReset(talk.near().readBytes(1000));
    }

    @OnEachWire
    void whateverIsSentMeanwhileFails(Wire wire, TestLoop test) throws IOException {
        connect(wire, test, StreamOptions.defaults().withReadBufferBytesMax(1000));
        upload();
        answerAndReset("x".repeat(5000));
        talk.idle();

        assertThat(talk.near().bytesQueued()).isZero();
        assertReset(talk.near().write("x"));
        assertReset(talk.near().write(ByteBuffer.allocate(1), ByteBuffer.allocate(1)));
        assertReset(talk.near().drain());
        assertReset(talk.near().shutdownOutput());
        talk.near().flush();
        assertThat(talk.near().isOpen()).isTrue();
    }

    @OnEachWire
    void whoClosesAfterFlushDoesNotWaitForAPeerThatIsGone(Wire wire, TestLoop test)
            throws IOException {
        connect(wire, test, StreamOptions.defaults().withReadBufferBytesMax(1000));
        upload();
        answerAndReset("x".repeat(5000));
        talk.idle();

        assertThat(talk.near().closeAfterFlush().isDone()).isTrue();
        assertThat(talk.near().isOpen()).isFalse();
    }

    @OnEachWire
    void aStreamThatLingersIsClosedByTheReset(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        upload();
        LoopFuture<Void> closed = talk.near().closeAfterFlush();

        answerAndReset("nobody reads this");

        talk.get(closed);
        assertThat(talk.near().isOpen()).isFalse();
        assertReset(talk.get(talk.near().closed()));
    }

    @OnEachWire
    void aReadWithADeadlineLeavesTheAnswerToTheNext(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        upload();
        answerAndReset("no newline");
        var late = talk.loop().spawn("late", () -> talk.near().readBytes(20).await(Duration.ZERO));

        assertThat(talk.failure(late))
                .isInstanceOfAny(DeadlineExceededException.class, StreamClosedException.class);
        assertThat(talk.text(talk.near().readBytes(10))).isEqualTo("no newline");
        assertReset(talk.near().readBytes(1));
    }

    @OnEachWire
    void theEndIsToldOnceAndToAll(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        LoopFuture<StreamClosedException> before = talk.near().closed();
        upload();

        answerAndReset("answer");

        assertReset(talk.get(before));
        assertThat(talk.near().closed().state()).isEqualTo(Future.State.SUCCESS);
        assertReset(talk.near().closed().resultNow());
    }
}

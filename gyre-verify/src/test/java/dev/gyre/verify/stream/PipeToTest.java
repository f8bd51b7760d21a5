package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;

/// A proxy between two connections: client - [left | right] - server.
final class PipeToTest {

    private static final StreamOptions HALF_OPEN = StreamOptions.defaults().withHalfOpen();

    private Dialogue left;
    private Dialogue right;

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    private void connect(Wire wire, TestLoop test) throws IOException {
        left = new Dialogue(test, wire, StreamOptions.defaults(), HALF_OPEN);
        right = new Dialogue(test, wire, StreamOptions.defaults(), HALF_OPEN);
    }

    private IOStream client() {
        return left.far();
    }

    private IOStream server() {
        return right.far();
    }

    @OnEachWire
    void theEndOfEachDirectionIsCarriedOver(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        LoopFuture<Long> down = right.near().pipeTo(left.near());
        client().write("question");
        client().shutdownOutput();

        assertThat(right.text(server().readUntilClose())).isEqualTo("question");
        assertThat(right.get(up)).isEqualTo(8);
        assertThat(down.isDone()).isFalse();
        server().write("the answer");
        server().shutdownOutput();

        assertThat(left.text(client().readUntilClose())).isEqualTo("the answer");
        assertThat(left.get(down)).isEqualTo(10);
        left.until(() -> !left.near().isOpen() && !right.near().isOpen());
    }

    @OnEachWire
    void aSlowReaderHoldsTheWriterUp(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        byte[] sent = Bytes.pattern(16_000_000);
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        client().write(sent);
        client().shutdownOutput();
        test.runUntilIdle();
        long bound = StreamOptions.WRITE_HIGH_WATER_BYTES + 64 * 1024L;
        byte[] received = new byte[sent.length];

        right.run(() -> {
            int count = 0;
            while (count < sent.length) {
                assertThat(right.near().bytesQueued()).isLessThanOrEqualTo(bound);
                byte[] some = server().readSome(100_000).await();
                System.arraycopy(some, 0, received, count, some.length);
                count += some.length;
            }
            return null;
        });

        assertThat(Arrays.equals(received, sent)).isTrue();
        assertThat(right.get(up)).isEqualTo(sent.length);
    }

    @OnEachWire
    void theFailureOfTheSinkFailsThePipe(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        right.near().close();
        client().write("lost");

        Throwable failure = left.failure(up);

        assertThat(failure).isInstanceOf(StreamClosedException.class);
        assertThat(((StreamClosedException) failure).stream()).isSameAs(right.near());
    }

    @OnEachWire
    void theEndOfTheSinkFailsAPipeWhoseSourceIsAtRest(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        left.idle();

        right.peerCloses();

        Throwable failure = left.failure(up);
        assertThat(failure).isInstanceOf(StreamClosedException.class);
        assertThat(((StreamClosedException) failure).stream()).isSameAs(right.near());
        client().write("kept");
        assertThat(left.text(left.near().readBytes(4))).isEqualTo("kept");
    }

    /// The end of a stream is told by the stream.
    @OnEachWire
    void theEndOfAPipeThatNobodyAwaitsIsNotReported(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        left.near().pipeTo(right.near());
        right.near().close();
        client().write("lost");

        left.until(() -> test.loop().tasks().isEmpty());

        assertThat(left.near().isOpen()).isTrue();
    }

    @OnEachWire
    void anotherFailureOfAPipeThatNobodyAwaitsIsReported(Wire wire, TestLoop test, ExpectLog log)
            throws IOException {
        connect(wire, test);
        log.expect("dev.gyre.application", Level.ERROR, "whose failure nobody looked at");
        LoopFuture<byte[]> read = left.near().readBytes(1);
        left.near().pipeTo(right.near());

        left.until(() -> test.loop().tasks().isEmpty());

        read.cancel();
    }

    @OnEachWire
    void aSinkWhoseOutputHasEndedFailsThePipe(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        right.near().shutdownOutput();
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        client().write("has no place to go");

        assertThat(left.failure(up))
                .isInstanceOf(StreamClosedException.class)
                .hasMessageEndingWith("its output has been shut down");
    }

    @OnEachWire
    void ourCloseOfTheSourceFailsThePipe(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        left.idle();

        left.near().close();

        assertThat(left.failure(up)).isInstanceOf(StreamClosedException.class);
        assertThat(right.near().isOpen()).isTrue();
    }

    @OnEachWire
    void aCancelledPipeLeavesBothStreamsUsable(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        LoopFuture<Long> up = left.near().pipeTo(right.near());
        client().write("piped");
        right.get(server().readBytes(5));

        up.cancel();
        left.until(up::isDone);
        client().write("kept");

        assertThat(left.failure(up)).isInstanceOf(CancellationException.class);
        assertThat(left.text(left.near().readBytes(4))).isEqualTo("kept");
        right.near().write("own");
        assertThat(right.text(server().readBytes(3))).isEqualTo("own");
    }

    @OnEachWire
    void aPipeIsNamedInTheListOfTasks(Wire wire, TestLoop test) throws IOException {
        connect(wire, test);
        LoopFuture<Long> up = left.near().pipeTo(right.near());

        assertThat(test.loop().tasks())
                .extracting(Task::name)
                .containsExactly("pipe to " + right.near());
        up.cancel();
        left.idle();
    }

    @OnEachWire
    void streamsOfTwoLoopsAreNotPiped(Wire wire, TestLoop test) throws IOException {
        left = new Dialogue(test, wire);
        try (TestLoop other = new TestLoop()) {
            right = new Dialogue(other, wire);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> left.near().pipeTo(right.near()))
                    .withMessageContaining("cannot be piped");
            right.close();
        }
    }
}

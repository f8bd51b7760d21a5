package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/// Connections of which one direction has ended, and ends that wait for the other side.
final class HalfCloseTest {

    private static final StreamOptions HALF_OPEN = StreamOptions.defaults().withHalfOpen();

    private Dialogue talk;

    @AfterEach
    void close() {
        talk.close();
    }

    @OnEachWire
    void aHalfOpenStreamAnswersAfterTheEndOfItsInput(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, HALF_OPEN, HALF_OPEN);
        talk.far().write("question");
        talk.far().shutdownOutput();

        assertThat(talk.text(talk.near().readUntilClose())).isEqualTo("question");
        assertThat(talk.near().isOpen()).isTrue();
        talk.near().write("answer");
        talk.near().shutdownOutput();

        assertThat(talk.text(talk.far().readUntilClose())).isEqualTo("answer");
        talk.until(() -> !talk.near().isOpen() && !talk.far().isOpen());
    }

    @OnEachWire
    void bothStreamsAreClosedOnceBothDirectionsHaveEnded(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire, HALF_OPEN, HALF_OPEN);
        talk.far().shutdownOutput();
        talk.near().shutdownOutput();

        talk.until(() -> !talk.near().isOpen() && !talk.far().isOpen());

        assertThat(talk.get(talk.near().closed()).isOrderly()).isTrue();
    }

    @OnEachWire
    void aHalfOpenStreamAtRestDoesNotSpin(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, HALF_OPEN);
        talk.far().shutdownOutput();
        assertThat(talk.get(talk.near().readSome(1))).isEmpty();
        test.runUntilIdle();
        long before = test.loop().metrics().handled();

        talk.idle();

        assertThat(test.loop().metrics().handled()).isEqualTo(before);
        assertThat(talk.near().isOpen()).isTrue();
    }

    @OnEachWire
    void shutdownIsDoneWhenEverythingBeforeItIsSent(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().write(new byte[12_000_000]);
        LoopFuture<Void> first = talk.near().shutdownOutput();
        LoopFuture<Void> second = talk.near().shutdownOutput();
        talk.idle();
        assertThat(first.isDone()).isFalse();
        assertThat(second.isDone()).as("the second time").isFalse();

        assertThat(talk.run(() -> countToEnd(talk.far()))).isEqualTo(12_000_000);

        talk.get(first);
        talk.get(second);
    }

    private static long countToEnd(IOStream stream) {
        long count = 0;
        byte[] bytes = stream.readSome(100_000).await();
        while (bytes.length > 0) {
            count += bytes.length;
            bytes = stream.readSome(100_000).await();
        }
        return count;
    }

    @OnEachWire
    void nothingCanBeWrittenBehindTheEndOfTheOutput(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, StreamOptions.defaults(), HALF_OPEN);
        talk.near().write("before");
        talk.near().shutdownOutput();

        assertThat(talk.failure(talk.near().write("behind")))
                .isInstanceOf(StreamClosedException.class)
                .hasMessageEndingWith("its output has been shut down");
        assertThat(talk.text(talk.far().readUntilClose())).isEqualTo("before");
        talk.arrives("still readable");
        assertThat(talk.text(talk.near().readBytes(14))).isEqualTo("still readable");
        talk.get(talk.near().shutdownOutput());
    }

    @OnEachWire
    void closeAfterFlushSendsEverythingAndWaitsForThePeer(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        byte[] sent = Bytes.pattern(1_000_000);
        talk.near().write(sent);
        LoopFuture<Void> closed = talk.near().closeAfterFlush();

        assertThat(talk.get(talk.far().readBytes(1_000_000))).isEqualTo(sent);

        talk.get(closed);
        assertThat(talk.near().isOpen()).isFalse();
        assertThat(talk.get(talk.near().closed()).isOrderly()).isTrue();
        assertThat(talk.near().closeAfterFlush().isDone()).isTrue();
    }

    @OnEachWire
    void closeAfterFlushThrowsAwayWhatStillComes(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, StreamOptions.defaults(), HALF_OPEN);
        talk.arrives("unread");
        talk.near().write("goodbye");
        LoopFuture<Void> closed = talk.near().closeAfterFlush();
        talk.far().write(Bytes.pattern(3_000_000));

        assertThat(talk.text(talk.far().readUntilClose())).isEqualTo("goodbye");
        assertThat(closed.isDone()).isFalse();
        talk.far().close();

        talk.get(closed);
        assertThat(talk.near().bytesIn()).isPositive();
        assertThat(talk.get(talk.near().readSome(1))).isEmpty();
    }

    @OnEachWire
    void closeAfterFlushEndsAReadThatIsOutstanding(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<String> read = talk.near().readLine();

        talk.near().closeAfterFlush();

        assertThat(talk.failure(read))
                .isInstanceOf(StreamClosedException.class)
                .hasMessageContaining("was closed on this side");
    }

    @OnEachWire
    void closeAfterFlushIsBoundedByItsLinger(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, StreamOptions.defaults(), HALF_OPEN);
        var lingering =
                talk.loop()
                        .spawn(
                                "linger",
                                () -> talk.near().closeAfterFlush().await(Duration.ofSeconds(10)));
        test.advance(Duration.ofSeconds(9));
        assertThat(talk.near().isOpen()).isTrue();

        test.advance(Duration.ofSeconds(1));

        assertThat(talk.failure(lingering)).isInstanceOf(DeadlineExceededException.class);
        assertThat(talk.near().isOpen()).isFalse();
    }
}

package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.testing.TestLoop;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

/// How a stream ends, by its peer or on this side, and what is told to whom.
final class EndingsTest {

    private static final int MEGABYTE = 1024 * 1024;

    private final List<String> told = new ArrayList<>();
    private Dialogue talk;

    @AfterEach
    void close() {
        talk.close();
    }

    private StreamClosedException closed(LoopFuture<?> future) {
        Throwable failure = talk.failure(future);
        assertThat(failure).isInstanceOf(StreamClosedException.class);
        return (StreamClosedException) failure;
    }

    private void note(LoopFuture<?> future, String name) {
        future.onDone(value -> told.add(name), failure -> told.add(name + " failed"));
    }

    // By the peer.

    @OnEachWire
    void theEndInTheMiddleOfAFrameTellsHowMuchHadCome(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> read = talk.near().readUntil("\n");
        talk.far().write("no newline");
        talk.far().close();

        StreamClosedException failure = closed(read);

        assertThat(failure)
                .hasMessage(
                        talk.near()
                                + " was ended by its peer;"
                                + " 10 bytes had come of a read of bytes up to \"\\n\"")
                .hasCauseInstanceOf(EOFException.class);
        assertThat(failure.stream()).isSameAs(talk.near());
        assertThat(failure.isOrderly()).isTrue();
    }

    @OnEachWire
    void everyFrameFailsAtTheEnd(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("abc");
        talk.far().close();

        assertThat(closed(talk.near().readBytes(4))).hasMessageContaining("read of 4 bytes");
        assertThat(closed(talk.near().peek(4))).hasMessageContaining("4 bytes to peek at");
        assertThat(closed(talk.near().readLine())).hasMessageContaining("read of a line");
        assertThat(closed(talk.near().readUntilRegex(Pattern.compile("x"))))
                .hasMessageContaining("3 bytes had come of a read of bytes up to a match of x");
        assertThat(talk.text(talk.near().readBytes(3))).isEqualTo("abc");
    }

    @OnEachWire
    void whoTakesWhatThereIsGetsTheEndAsNothing(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> read = talk.near().readSome(10);
        talk.far().write("last");
        talk.far().close();

        assertThat(talk.text(read)).isEqualTo("last");
        assertThat(talk.get(talk.near().readSome(10))).isEmpty();
        assertThat(talk.get(talk.near().readSome(10))).isEmpty();
        assertThat(talk.get(talk.near().readUntilClose())).isEmpty();
    }

    @OnEachWire
    void everythingUpToTheEndIsGivenAfterAPartWasRead(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.far().write("1234");
        assertThat(talk.text(talk.near().readBytes(1))).isEqualTo("1");
        LoopFuture<byte[]> rest = talk.near().readUntilClose();

        talk.far().close();

        assertThat(talk.text(rest)).isEqualTo("234");
        assertThat(closed(talk.near().readBytes(1)).isOrderly()).isTrue();
        assertThat(talk.near().readBytes(0).resultNow()).isEmpty();
    }

    @OnEachWire
    void twoBytesAndAnEndBetweenTheirReadsAreBothDelivered(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        talk.far().write("12");
        assertThat(talk.text(talk.near().readBytes(1))).isEqualTo("1");

        talk.far().close();
        test.runUntilIdle();

        assertThat(talk.text(talk.near().readBytes(1))).isEqualTo("2");
    }

    @OnEachWire
    void aDelimiterThatComesTogetherWithTheEndIsFound(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> read = talk.near().readUntil("\r\n");
        talk.arrives("x".repeat(5000) + "\r");

        talk.far().write("\n");
        talk.far().close();

        assertThat(talk.get(read)).hasSize(5002);
    }

    @OnEachWire
    void anEndDuringALargeReadFailsItsFuture(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> read = talk.near().readBytes(MEGABYTE);
        talk.arrives("some");

        talk.far().close();

        assertThat(closed(read))
                .hasMessageEndingWith("4 bytes had come of a read of 1048576 bytes");
    }

    @OnEachWire
    void anIdleStreamNoticesTheEndAndNotBefore(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().onClose(cause -> told.add(cause.getMessage()));
        talk.idle();
        assertThat(told).isEmpty();

        talk.far().close();
        talk.until(() -> !told.isEmpty());

        assertThat(told).containsExactly(talk.near() + " was ended by its peer");
        assertThat(talk.near().isOpen()).isFalse();
        assertThat(talk.near().remoteAddress()).isNotNull();
    }

    @OnEachWire
    void whatWasNotReadDelaysTheNewsOfTheEnd(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().onClose(cause -> told.add("closed"));
        talk.arrives("ab");
        talk.far().close();

        talk.get(talk.near().readBytes(1));
        talk.idle();
        assertThat(told).isEmpty();
        talk.get(talk.near().readBytes(1));
        talk.until(() -> !told.isEmpty());

        assertThat(told).containsExactly("closed");
    }

    @OnEachWire
    void theEndOfInputEndsPendingWritesToo(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<Void> write = talk.near().write(new byte[12 * MEGABYTE]);

        talk.far().shutdownOutput();

        assertThat(closed(write).isOrderly()).isTrue();
        assertThat(talk.near().bytesQueued()).isZero();
    }

    // On this side.

    @OnEachWire
    void closeMakesOneLastAttemptToSend(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<Void> write = talk.near().write("goodbye");

        talk.near().close();

        assertThat(write.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(talk.text(talk.far().readUntilClose())).isEqualTo("goodbye");
    }

    @OnEachWire
    void whatHadComeCanBeReadAfterClose(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("line\nrest");

        talk.near().close();

        assertThat(talk.get(talk.near().readLine())).isEqualTo("line");
        assertThat(talk.text(talk.near().readSome(2))).isEqualTo("re");
        assertThat(talk.text(talk.near().readUntilClose())).isEqualTo("st");
        assertThat(closed(talk.near().readSome(1)))
                .hasMessageContaining("was closed on this side")
                .hasCauseInstanceOf(ClosedChannelException.class);
    }

    @OnEachWire
    void ourOwnEndIsNotTheOrderlyOneOfThePeer(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> read = talk.near().readSome(1);

        talk.near().close();

        assertThat(closed(read).isOrderly()).isFalse();
    }

    @OnEachWire
    void aReadUpToTheEndIsAnsweredByOurOwnClose(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> read = talk.near().readUntilClose();
        talk.arrives("so far");

        talk.near().close();

        assertThat(talk.text(read)).isEqualTo("so far");
    }

    @OnEachWire
    void theReadIsToldFirstThenTheWritesInOrderThenTheListeners(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().onClose(cause -> told.add("closed"));
        note(talk.near().write(new byte[12 * MEGABYTE]), "first");
        note(talk.near().write("x"), "second");
        note(talk.near().drain(), "drain");
        note(talk.near().readLine(), "read");
        talk.idle();

        talk.near().close();
        assertThat(told).isEmpty();
        talk.idle();

        assertThat(told)
                .containsExactly(
                        "read failed", "first failed", "second failed", "drain failed", "closed");
    }

    @OnEachWire
    void aListenerSetAfterTheEndIsCalledInALaterStep(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().close();
        talk.idle();

        talk.near().onClose(cause -> told.add(cause.getCause().getClass().getSimpleName()));
        assertThat(told).isEmpty();
        talk.idle();

        assertThat(told).containsExactly("ClosedChannelException");
    }

    /// Somebody may ask at every message, and give up each time.
    @OnEachWire
    void allWhoAskForTheEndShareOneFuture(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        IOStream near = talk.near();
        Duration second = Duration.ofSeconds(1);
        Task<?> hurried = talk.loop().spawn("hurried", () -> near.closed().await(second));
        var patient = talk.loop().spawn("patient", () -> near.closed().await());
        test.advance(second);

        assertThat(talk.failure(hurried)).isInstanceOf(DeadlineExceededException.class);
        assertThat(near.closed().cancel()).isFalse();
        assertThat(near.closed()).isSameAs(near.closed());
        talk.peerCloses();

        assertThat(talk.get(patient).isOrderly()).isTrue();
        assertThat(near.closed()).isSameAs(near.closed());
    }

    @OnEachWire
    void theSecondCloseChangesNothing(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.peerCloses();
        talk.near().onClose(cause -> told.add(cause.getMessage()));

        talk.near().close();
        talk.near().close();
        talk.idle();

        assertThat(told).containsExactly(talk.near() + " was ended by its peer");
    }

    @OnEachWire
    void countersAndAddressesOutliveTheStream(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("12345");
        IOStream near = talk.near();
        var remote = near.remoteAddress();
        near.write("123");

        near.close();

        assertThat(near.bytesIn()).isEqualTo(5);
        assertThat(near.bytesOut()).isEqualTo(3);
        assertThat(near.bytesQueued()).isZero();
        assertThat(near.remoteAddress()).isEqualTo(remote);
        assertThat(near.localAddress()).isEqualTo(talk.far().remoteAddress());
        near.flush();
    }

    @OnEachWire
    void nobodyElseEndsWhatManyWaitFor(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().write(new byte[16 * MEGABYTE]);
        List<LoopFuture<?>> shared = List.of(talk.near().closed(), talk.near().drain());

        for (LoopFuture<?> each : shared) {
            assertThatThrownBy(() -> each.complete(null))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(talk.near().toString());
            assertThatThrownBy(() -> each.fail(new IOException("x")))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> each.failWith(IllegalStateException::new))
                    .isInstanceOf(UnsupportedOperationException.class);
        }

        assertThat(shared).noneMatch(LoopFuture::isDone);
        talk.near().close();
        assertThat(shared).allMatch(LoopFuture::isDone);
    }
}

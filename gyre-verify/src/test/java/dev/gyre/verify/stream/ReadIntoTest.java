package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.testing.TestLoop;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/// Reads into buffers of the user's.
final class ReadIntoTest {

    private Dialogue talk;

    @AfterEach
    void close() {
        talk.close();
    }

    private static ByteBuffer dots(int size) {
        return ByteBuffer.wrap(Dialogue.bytes(".".repeat(size)));
    }

    private static String content(ByteBuffer buffer) {
        byte[] content = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(content);
        return Dialogue.text(content);
    }

    @OnEachWire
    void aBufferIsFilledHoweverTheBytesCome(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        ByteBuffer target = dots(6);
        LoopFuture<Integer> read = talk.near().readInto(target);

        talk.arrives("ab");
        assertThat(read.isDone()).isFalse();
        talk.arrives("cdefgh");

        assertThat(talk.get(read)).isEqualTo(6);
        assertThat(content(target)).isEqualTo("abcdef");
        assertThat(target.hasRemaining()).isFalse();
    }

    @OnEachWire
    void whatDoesNotFitFeedsTheNextReads(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.far().write("abcdefghij");
        ByteBuffer first = dots(3);
        ByteBuffer second = dots(4);

        talk.get(talk.near().readInto(first));
        talk.get(talk.near().readInto(second));

        assertThat(content(first)).isEqualTo("abc");
        assertThat(content(second)).isEqualTo("defg");
        assertThat(talk.text(talk.near().readBytes(3))).isEqualTo("hij");
    }

    @OnEachWire
    void onlyTheRemainingPartOfABufferIsTouched(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("abcdef");
        ByteBuffer target = dots(8).position(2).limit(5);

        assertThat(talk.get(talk.near().readInto(target))).isEqualTo(3);

        assertThat(content(target)).isEqualTo("..abc...");
        assertThat(target.position()).isEqualTo(5);
    }

    @OnEachWire
    void aBufferWithoutRoomIsFullAtOnce(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);

        assertThat(talk.near().readInto(dots(0)).resultNow()).isZero();
        assertThat(talk.near().readSomeInto(dots(0)).resultNow()).isZero();
    }

    @OnEachWire
    void aReadOnlyBufferIsRefused(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        ByteBuffer readOnly = dots(3).asReadOnlyBuffer();

        assertThatIllegalArgumentException().isThrownBy(() -> talk.near().readInto(readOnly));
        assertThatIllegalArgumentException().isThrownBy(() -> talk.near().readSomeInto(readOnly));
    }

    @OnEachWire
    void someBytesAreMovedWithoutTouchingTheRest(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        ByteBuffer target = dots(6);
        LoopFuture<Integer> read = talk.near().readSomeInto(target);
        assertThat(read.isDone()).isFalse();

        talk.arrives("abc");

        assertThat(talk.get(read)).isEqualTo(3);
        assertThat(content(target)).isEqualTo("abc...");
        assertThat(target.position()).isEqualTo(3);
    }

    @OnEachWire
    void someBytesAreNoMoreThanFit(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("abcdef");
        ByteBuffer target = dots(4);

        assertThat(talk.get(talk.near().readSomeInto(target))).isEqualTo(4);
        assertThat(content(target)).isEqualTo("abcd");
        assertThat(talk.text(talk.near().readBytes(2))).isEqualTo("ef");
    }

    @OnEachWire
    void theEndIsMinusOneForWhoTakesWhatThereIs(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<Integer> read = talk.near().readSomeInto(dots(4));

        talk.far().close();

        assertThat(talk.get(read)).isEqualTo(-1);
        assertThat(talk.get(talk.near().readSomeInto(dots(4)))).isEqualTo(-1);
        assertThat(talk.get(talk.near().readSomeInto(dots(0)))).isZero();
    }

    @OnEachWire
    void anEndBeforeTheBufferIsFullTellsHowMuchIsInIt(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        ByteBuffer target = dots(6);
        LoopFuture<Integer> read = talk.near().readInto(target);
        talk.arrives("abcd");

        talk.peerCloses();

        assertThat(talk.failure(read))
                .isInstanceOf(StreamClosedException.class)
                .hasMessageEndingWith("4 bytes had come of a read of 6 bytes into a buffer")
                .hasCauseInstanceOf(EOFException.class);
        assertThat(content(target)).isEqualTo("abcd..");
        assertThat(target.position()).isEqualTo(4);
        assertThat(talk.get(talk.near().readUntilClose())).isEmpty();
    }

    @OnEachWire
    void aCancelledFillGivesItsBytesToTheNextRead(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        ByteBuffer target = dots(6).position(1);
        LoopFuture<Integer> read = talk.near().readInto(target);
        talk.arrives("abc");

        read.cancel();
        talk.far().write("de");

        assertThat(target.position()).isEqualTo(1);
        assertThat(talk.text(talk.near().readBytes(5))).isEqualTo("abcde");
    }

    @OnEachWire
    void aBufferMayBeLargerThanTheReadBuffer(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.readBuffer(100));
        ByteBuffer target = ByteBuffer.allocateDirect(1_000_000);
        byte[] sent = Bytes.pattern(1_000_000);
        talk.far().write(sent);

        assertThat(talk.get(talk.near().readInto(target))).isEqualTo(1_000_000);

        byte[] received = new byte[1_000_000];
        target.flip().get(received);
        assertThat(received).isEqualTo(sent);
    }

    @OnEachWire
    void aCancelledFillLargerThanTheReadBufferLosesNothing(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire, Limits.readBuffer(100));
        LoopFuture<Integer> read = talk.near().readInto(ByteBuffer.allocate(500));
        byte[] sent = Bytes.pattern(400);
        talk.arrives(sent);

        read.cancel();
        byte[] received = new byte[400];
        for (int block = 0; block < 4; block++) {
            System.arraycopy(talk.get(talk.near().readBytes(100)), 0, received, block * 100, 100);
        }

        assertThat(received).isEqualTo(sent);
    }

    @OnEachWire
    void aMillionBytesSurviveAnyMixtureOfReads(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        byte[] sent = Bytes.pattern(1_000_000);
        talk.far().write(sent);
        Random random = new Random(test.seed());

        byte[] received =
                talk.run(() -> {
                    ByteBuffer all = ByteBuffer.allocate(sent.length);
                    while (all.hasRemaining()) {
                        readSomehow(talk.near(), all, random);
                    }
                    return all.array();
                });

        assertThat(received).isEqualTo(sent);
    }

    private static void readSomehow(IOStream stream, ByteBuffer all, Random random) {
        int count = 1 + random.nextInt(Math.min(50_000, all.remaining()));
        ByteBuffer part = all.slice(all.position(), count);
        switch (random.nextInt(5)) {
            case 0 -> all.put(stream.readBytes(count).await());
            case 1 -> all.put(stream.readSome(count).await());
            case 2 -> all.position(all.position() + stream.readInto(part).await());
            case 3 -> all.position(all.position() + stream.readSomeInto(part).await());
            default -> stream.peek(count).await();
        }
    }
}

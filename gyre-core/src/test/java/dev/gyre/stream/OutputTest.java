package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OutputTest {

    private final IOLoop loop = new IOLoop();
    private final ScriptedTransport transport = new ScriptedTransport();
    private Output output;
    private Staging staging;

    @BeforeEach
    void open() {
        output = new Output(new IOStream(loop, new ScriptedTransport()));
        staging = Staging.of(loop);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private LoopFuture<?> add(String text) {
        Piece piece =
                new Piece.OfArray(
                        text.getBytes(StandardCharsets.ISO_8859_1), new LoopFuture<>(loop));
        output.add(piece);
        return piece.sent;
    }

    private LoopFuture<?> addDirect(String text) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(text.length());
        bytes.put(text.getBytes(StandardCharsets.ISO_8859_1)).flip();
        Piece piece = new Piece.OfBuffer(bytes, new LoopFuture<>(loop));
        output.add(piece);
        return piece.sent;
    }

    private LoopFuture<?> addEnd() {
        Piece end = new Piece.End(new LoopFuture<>(loop));
        output.add(end);
        return end.sent;
    }

    private boolean send() throws IOException {
        return output.send(transport, staging);
    }

    @Test
    void smallWritesAreGatheredInOneCall() throws IOException {
        for (int write = 0; write < 1000; write++) {
            add("piece ");
        }

        assertThat(send()).isTrue();

        assertThat(transport.calls()).isEqualTo(1);
        assertThat(transport.taken()).isEqualTo("piece ".repeat(1000));
        assertThat(output.isEmpty()).isTrue();
    }

    @Test
    void aWriteIsDoneWhenItsLastByteIsTaken() throws IOException {
        LoopFuture<?> first = add("abc");
        LoopFuture<?> empty = add("");
        LoopFuture<?> second = add("de");
        transport.takes(2, 1, 1);

        send();
        assertThat(first.isDone()).isFalse();
        assertThat(output.isBlocked()).isTrue();
        assertThat(output.queued()).isEqualTo(3);
        send();
        assertThat(first.isDone() && empty.isDone()).isTrue();
        send();
        assertThat(second.isDone()).isFalse();
        send();

        assertThat(second.isDone()).isTrue();
        assertThat(output.isBlocked()).isFalse();
        assertThat(output.sent()).isEqualTo(5);
        assertThat(transport.taken()).isEqualTo("abcde");
    }

    @Test
    void theEndIsToldOnceEverythingBeforeItIsTaken() throws IOException {
        add("abc");
        LoopFuture<?> end = addEnd();
        LoopFuture<?> again = addEnd();
        transport.takes(1);

        send();
        assertThat(output.isEnding()).isTrue();
        assertThat(output.isEnded()).isFalse();
        send();

        assertThat(output.isEnded()).isTrue();
        assertThat(end.isDone() && again.isDone()).isTrue();
        assertThat(transport.ends()).isEqualTo(1);
    }

    @Test
    void anEndBehindNothingIsTold() throws IOException {
        LoopFuture<?> end = addEnd();

        send();

        assertThat(output.isEnded()).isTrue();
        assertThat(output.isBlocked()).isFalse();
        assertThat(end.isDone()).isTrue();
    }

    @Test
    void aTurnMakesEightCallsAtMost() throws IOException {
        add("x".repeat(9 * Staging.SIZE));

        assertThat(send()).isFalse();
        assertThat(transport.calls()).isEqualTo(8);
        assertThat(output.isBlocked()).isFalse();

        assertThat(send()).isTrue();
        assertThat(transport.calls()).isEqualTo(9);
    }

    @Test
    void aLargeDirectBufferIsSentFromWhereItIs() throws IOException {
        ByteBuffer large = ByteBuffer.allocateDirect(Staging.SIZE + 1);
        output.add(new Piece.OfBuffer(large, new LoopFuture<>(loop)));
        transport.takes(1);

        send();
        large.put(7, (byte) 'x');

        assertThat(transport.offered().get(7)).isEqualTo((byte) 'x');
        assertThat(transport.offered().remaining()).isEqualTo(Staging.SIZE);
        assertThat(output.queued()).isEqualTo(Staging.SIZE);
        assertThat(large.position()).isEqualTo(1);
    }

    @Test
    void aSmallDirectBufferIsGatheredWithWhatComesBehind() throws IOException {
        addDirect("small ");
        add("and more");

        send();

        assertThat(transport.calls()).isEqualTo(1);
        assertThat(transport.taken()).isEqualTo("small and more");
    }

    /// A transport may have begun with what it did not take, as a TLS engine has.
    @Test
    void whatWasRefusedIsOfferedAgainThoughItBeginsInADirectBuffer() throws IOException {
        add("head");
        addDirect("d".repeat(3 * Staging.DIRECT_MIN));
        add("tail");
        transport.takes(4 + Staging.DIRECT_MIN, 0, 1);

        send();
        assertThat(transport.offered().remaining()).isEqualTo(8 + 3 * Staging.DIRECT_MIN);
        send();
        assertThat(transport.offered().remaining()).isEqualTo(4 + 2 * Staging.DIRECT_MIN);
        send();
        send();

        assertThat(transport.taken())
                .isEqualTo("head" + "d".repeat(3 * Staging.DIRECT_MIN) + "tail");
    }

    @Test
    void whatWasNotSentFailsInOrder() throws IOException {
        LoopFuture<?> sent = add("abc");
        LoopFuture<?> partly = add("def");
        LoopFuture<?> notBegun = add("ghi");
        transport.takes(4);
        send();

        output.fail(new IOException("broken"));

        assertThat(sent.state()).isEqualTo(Future.State.SUCCESS);
        assertThat(List.of(partly.exceptionNow(), notBegun.exceptionNow()))
                .allSatisfy(failure -> assertThat(failure).hasRootCauseMessage("broken"));
        assertThat(output.queued()).isZero();
        assertThat(output.isEmpty()).isTrue();
    }

    @Test
    void aFailureOfTheTransportKeepsTheQueueForItsEnd() {
        LoopFuture<?> write = add("abc");
        transport.failsWith(new IOException("broken"));

        assertThatIOException().isThrownBy(this::send).withMessage("broken");

        assertThat(write.isDone()).isFalse();
        assertThat(output.queued()).isEqualTo(3);
    }

    /// Appends and sends by chance; what arrives, and which writes are done, is known.
    @Test
    void bytesLeaveInOrderHoweverFewTheTransportTakes() throws IOException {
        long seed = Long.getLong("gyre.seed", 20_261_121);
        Random random = new Random(seed);
        StringBuilder written = new StringBuilder();
        List<LoopFuture<?>> writes = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (int step = 0; step < 3000; step++) {
            if (random.nextBoolean()) {
                boolean isLarge = random.nextInt(10) == 0;
                String text = Integer.toString(step).repeat(random.nextInt(isLarge ? 5000 : 20));
                writes.add(isLarge ? addDirect(text) : add(text));
                ends.add(written.append(text).length());
            } else {
                transport.takes(random.nextInt(random.nextInt(5) == 0 ? 30_000 : 100));
                send();
            }
            int sent = transport.taken().length();
            assertThat(output.queued()).isEqualTo(written.length() - sent);
            int done = (int) writes.stream().filter(LoopFuture::isDone).count();
            int due = (int) ends.stream().filter(end -> end < sent).count();
            assertThat(done).as("gyre.seed=%d, step %d", seed, step).isGreaterThanOrEqualTo(due);
            assertThat(done == 0 || ends.get(done - 1) <= sent).isTrue();
        }
        assertThat(written).startsWith(transport.taken());
    }
}

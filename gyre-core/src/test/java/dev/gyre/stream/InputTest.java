package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InputTest {

    private static final int LARGE = 2 * Staging.DIRECT_MIN;
    private static final int LIMIT = 1024 * 1024;

    private final IOLoop loop = new IOLoop();
    private final ScriptedTransport transport = new ScriptedTransport();
    private Input input;
    private Staging staging;

    @BeforeEach
    void open() {
        staging = Staging.of(loop);
        input = new Input(new IOStream(loop, new ScriptedTransport()), staging.segments());
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private int receive() throws IOException {
        return input.receive(transport, staging, LIMIT);
    }

    /// The buffers of these tests are none of the kernel's, those for staging are.
    private boolean wasStaged() {
        return transport.readInto().isDirect();
    }

    @Test
    void aLargeBufferIsFilledWithoutACopy() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(LARGE + 10).position(10);
        LoopFuture<Integer> read = input.read(new ReadGoal.Fill(target));
        transport.gives("a".repeat(LARGE - 1));
        transport.gives("b".repeat(5));

        receive();
        assertThat(wasStaged()).isFalse();
        assertThat(read.isDone()).isFalse();
        receive();

        assertThat(read.resultNow()).isEqualTo(LARGE);
        assertThat(target.position()).isEqualTo(target.limit());
        assertThat(target.get(LARGE + 9)).isEqualTo((byte) 'b');
        assertThat(input.received()).as("what fits, and the rest").isEqualTo(LARGE + 4);
        assertThat(text(input.read(new ReadGoal.Exactly(4)))).isEqualTo("bbbb");
    }

    private static String text(LoopFuture<byte[]> read) {
        return new String(read.resultNow(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void oneCallTakesNoMoreThanAStagingBufferHolds() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(3 * Staging.SIZE);
        input.read(new ReadGoal.Fill(target));
        transport.gives("a".repeat(3 * Staging.SIZE));

        assertThat(receive()).isEqualTo(Staging.SIZE);
        assertThat(wasStaged()).isFalse();
    }

    @Test
    void aSmallBufferCostsNoCallOfItsOwn() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(3);
        LoopFuture<Integer> read = input.read(new ReadGoal.Fill(target));
        transport.gives("abcdef");

        assertThat(receive()).isEqualTo(6);

        assertThat(read.resultNow()).isEqualTo(3);
        assertThat(text(input.read(new ReadGoal.Exactly(3)))).isEqualTo("def");
    }

    @Test
    void whatCameForACancelledReadIsTheNextOnes() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(LARGE);
        LoopFuture<Integer> read = input.read(new ReadGoal.Fill(target));
        transport.gives("a".repeat(100));
        transport.gives("b");
        receive();
        assertThat(wasStaged()).isFalse();

        read.cancel();
        assertThat(target.position()).isZero();
        receive();

        assertThat(wasStaged()).isTrue();
        assertThat(text(input.read(new ReadGoal.Exactly(101)))).isEqualTo("a".repeat(100) + "b");
    }

    @Test
    void readingWhatThereIsEndsWithTheFirstBytes() throws IOException {
        ByteBuffer target = ByteBuffer.allocate(LARGE);
        LoopFuture<Integer> read = input.read(new ReadGoal.FillSome(target));
        transport.gives("abc");

        assertThat(receive()).isEqualTo(3);

        assertThat(wasStaged()).isFalse();
        assertThat(read.resultNow()).isEqualTo(3);
        assertThat(target.position()).isEqualTo(3);
    }

    @Test
    void whatWasBufferedComesFirst() throws IOException {
        transport.gives("abc");
        transport.gives("d".repeat(LARGE));
        receive();
        ByteBuffer target = ByteBuffer.allocate(LARGE);

        LoopFuture<Integer> read = input.read(new ReadGoal.Fill(target));
        receive();

        assertThat(read.resultNow()).isEqualTo(LARGE);
        assertThat(new String(target.array(), 0, 4, StandardCharsets.ISO_8859_1)).isEqualTo("abcd");
    }

    /// The read may be cancelled while the transport is suspended, and the buffer is the user's
    /// again.
    @Test
    void aTransportThatMayBeSuspendedDoesNotGetTheUsersBuffer() throws IOException {
        transport.isNotBare();
        ByteBuffer target = ByteBuffer.allocate(LARGE);
        LoopFuture<Integer> read = input.read(new ReadGoal.Fill(target));
        transport.gives("a".repeat(LARGE));

        receive();

        assertThat(wasStaged()).isTrue();
        assertThat(read.resultNow()).isEqualTo(LARGE);
    }
}

package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.UnsatisfiableReadException;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

/// Reads whose limit is reached, and reads whose limit is just not reached.
final class ReadLimitsTest {

    private static final Pattern COMMA = Pattern.compile(",");

    private Dialogue talk;

    @AfterEach
    void close() {
        talk.close();
    }

    /// How to read up to a comma.
    private enum Verb {
        DELIMITER,
        BYTES,
        REGEX
    }

    private LoopFuture<byte[]> read(Verb verb, int limit) {
        return switch (verb) {
            case DELIMITER -> talk.near().readUntil(",", limit);
            case BYTES -> talk.near().readUntil(new byte[] {','}, limit);
            case REGEX -> talk.near().readUntilRegex(COMMA, limit);
        };
    }

    private void assertUnsatisfied(LoopFuture<?> read, String message) {
        assertThat(talk.failure(read))
                .isInstanceOf(UnsatisfiableReadException.class)
                .hasMessageContaining(message);
    }

    @OnEachWire
    void aFrameShorterThanTheLimitFits(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        for (Verb verb : Verb.values()) {
            talk.far().write("abc,");

            assertThat(talk.text(read(verb, 10))).as(verb.name()).isEqualTo("abc,");
        }
    }

    @OnEachWire
    void aFrameExactlyAsLongAsTheLimitFits(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        for (Verb verb : Verb.values()) {
            LoopFuture<byte[]> read = read(verb, 4);
            talk.arrives("abc");
            talk.arrives(",");

            assertThat(talk.text(read)).as(verb.name()).isEqualTo("abc,");
        }
    }

    @OnEachWire
    void aFrameAsLongAsTheLimitWithoutItsEndIsWaitedFor(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        for (Verb verb : Verb.values()) {
            LoopFuture<byte[]> read = read(verb, 4);

            talk.arrives("abcd");
            assertThat(read.isDone()).as(verb.name()).isFalse();
            talk.arrives(",");

            assertUnsatisfied(read, "more than 4 bytes came, the limit of a read of bytes up to");
            assertThat(talk.text(talk.near().readBytes(5))).isEqualTo("abcd,");
        }
    }

    @OnEachWire
    void aFrameThatIsTooLongAlreadyFailsTheFutureAndNotTheCall(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("abcdef");
        for (Verb verb : Verb.values()) {
            assertUnsatisfied(read(verb, 4), "more than 4 bytes came");
        }
        assertThat(talk.text(talk.near().readBytes(6))).isEqualTo("abcdef");
    }

    @OnEachWire
    void anEndBeyondTheLimitIsTooFarThoughItIsThere(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("abcdef,");
        for (Verb verb : Verb.values()) {
            assertUnsatisfied(read(verb, 6), "more than 6 bytes came");
        }
        assertThat(talk.text(read(Verb.DELIMITER, 7))).isEqualTo("abcdef,");
    }

    @OnEachWire
    void anUnsatisfiableReadLeavesTheStreamOpenForAnAnswer(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> read = talk.near().readUntil("\n", 4);
        talk.arrives("too long");
        assertUnsatisfied(read, "more than 4 bytes");

        talk.near().write("431\n");

        assertThat(talk.get(talk.far().readLine())).isEqualTo("431");
        assertThat(talk.near().isOpen()).isTrue();
        assertThat(talk.text(talk.near().readSome(100))).isEqualTo("too long");
    }

    @OnEachWire
    void aLineWithoutALimitOfItsOwnHasTheDefault(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        String fits = "x".repeat(StreamOptions.LINE_BYTES_MAX - 1) + "\n";
        talk.far().write(fits);
        assertThat(talk.text(talk.near().readUntil("\n"))).isEqualTo(fits);

        talk.far().write("x" + fits);

        assertUnsatisfied(talk.near().readLine(), "more than 65536 bytes came");
    }

    @OnEachWire
    void aLineThatIsNoTextIsRefusedAndStays(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        byte[] latin1 = {'c', 'a', 'f', (byte) 0xE9, '\n'};
        talk.arrives(latin1);

        assertUnsatisfied(talk.near().readLine(), "a line is not UTF-8, at its byte 3");

        assertThat(talk.get(talk.near().readBytes(5))).isEqualTo(latin1);
    }

    @OnEachWire
    void moreThanTheBufferHoldsIsRefusedAtTheCall(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.readBuffer(100));
        IOStream near = talk.near();

        assertThatExceptionOfType(UnsatisfiableReadException.class)
                .isThrownBy(() -> near.readBytes(101))
                .withMessage("101 bytes were to be read, but the read buffer holds at most 100");
        assertThatExceptionOfType(UnsatisfiableReadException.class)
                .isThrownBy(() -> near.peek(101));
        assertThatIllegalArgumentException().isThrownBy(() -> near.readUntil("x", 101));
        assertThatIllegalArgumentException().isThrownBy(() -> near.readLine(101));
        assertThatIllegalArgumentException().isThrownBy(() -> near.readUntilClose(101));
        talk.far().write("y".repeat(100));
        assertThat(talk.get(near.readBytes(100))).hasSize(100);
    }

    @OnEachWire
    void everythingUpToTheEndMayFillTheBuffer(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.readBuffer(100));
        talk.far().write("y".repeat(100));
        talk.far().shutdownOutput();

        assertThat(talk.get(talk.near().readUntilClose())).hasSize(100);
    }

    @OnEachWire
    void moreThanTheBufferHoldsUpToTheEndFails(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.readBuffer(100));
        LoopFuture<byte[]> all = talk.near().readUntilClose();
        talk.far().write("y".repeat(101));
        talk.far().shutdownOutput();

        assertUnsatisfied(all, "more than 100 bytes came, the limit of a read of all bytes");
        assertThat(talk.get(talk.near().readBytes(100))).hasSize(100);
    }

    @OnEachWire
    void moreThanItsLimitThatIsBufferedAlreadyFailsAReadUpToTheEnd(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("12345");

        assertUnsatisfied(talk.near().readUntilClose(4), "more than 4 bytes came");
    }

    @OnEachWire
    void aPatternTooDeepForTheStackFailsTheRead(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.far().write("ab".repeat(30_000));
        LoopFuture<byte[]> read = talk.near().readUntilRegex(Pattern.compile("(a|b)*c"));

        assertUnsatisfied(read, "is too deep for what came");
        assertThat(talk.near().isOpen()).isTrue();
    }

    /// The byte more shows that a read exceeds the limit.
    @OnEachWire
    void nobodyReadsAheadMoreThanTheBufferMayHoldButForAByte(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire, Limits.readBuffer(1000));
        talk.far().write(new byte[100_000]);

        talk.get(talk.near().readBytes(1));
        talk.idle();

        assertThat(talk.near().bytesIn()).isLessThanOrEqualTo(1001);
    }
}

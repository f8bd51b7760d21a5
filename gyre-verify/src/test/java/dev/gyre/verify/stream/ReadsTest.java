package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gyre.loop.LoopFuture;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

/// What the reading verbs give.
final class ReadsTest {

    private Dialogue talk;

    @AfterEach
    void close() {
        talk.close();
    }

    @OnEachWire
    void readsGoOnWhereTheOneBeforeEnded(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.far().write("123456789abc");

        assertThat(talk.text(talk.near().readBytes(9))).isEqualTo("123456789");
        assertThat(talk.text(talk.near().readBytes(0))).isEmpty();
        assertThat(talk.text(talk.near().readBytes(3))).isEqualTo("abc");
    }

    @OnEachWire
    void aReadOfWhatIsThereIsDoneAtOnceAndToldLater(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("line\n");
        List<String> told = new ArrayList<>();

        LoopFuture<String> read = talk.near().readLine();
        read.onDone(told::add, failure -> told.add("failed"));

        assertThat(read.isDone()).isTrue();
        assertThat(told).isEmpty();
        test.runUntilIdle();
        assertThat(told).containsExactly("line");
    }

    @OnEachWire
    void aSecondReadThrowsAndLeavesTheFirstAlone(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> first = talk.near().readUntil("\n");

        assertThatIllegalStateException()
                .isThrownBy(() -> talk.near().readBytes(1))
                .withMessageContaining("is being read already: bytes up to \"\\n\"");

        talk.far().write("one\n");
        assertThat(talk.text(first)).isEqualTo("one\n");
    }

    @OnEachWire
    void aListenerFindsTheStreamFreeForTheNextRead(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        List<String> lines = new ArrayList<>();

        talk.near()
                .readLine()
                .onDone(
                        line -> {
                            lines.add(line);
                            talk.near().readLine().onDone(lines::add, failure -> {});
                        },
                        failure -> {});
        talk.far().write("one\ntwo\n");
        talk.until(() -> lines.size() == 2);

        assertThat(lines).containsExactly("one", "two");
    }

    @OnEachWire
    void readSomeGivesWhatIsThereAndNoMoreThanAsked(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("12345");

        assertThat(talk.text(talk.near().readSome(3))).isEqualTo("123");
        assertThat(talk.text(talk.near().readSome(3))).isEqualTo("45");
        assertThat(talk.text(talk.near().readSome(0))).isEmpty();
        assertThat(talk.near().readSome(3).isDone()).isFalse();
    }

    @OnEachWire
    void aDelimiterMayComeInAsManyPiecesAsItHasBytes(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> read = talk.near().readUntil("\r\n\r\n");

        for (String piece : new String[] {"a\r", "\n", "\r", "\n"}) {
            assertThat(read.isDone()).isFalse();
            talk.arrives(piece);
        }
        talk.idle();

        assertThat(read.isDone()).isTrue();
    }

    @OnEachWire
    void peekLeavesTheBytes(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> peeked = talk.near().peek(3);
        talk.far().write("abc");

        assertThat(talk.text(peeked)).isEqualTo("abc");
        assertThat(talk.text(talk.near().peek(2))).isEqualTo("ab");
        assertThat(talk.text(talk.near().peek(0))).isEmpty();
        assertThat(talk.text(talk.near().readBytes(3))).isEqualTo("abc");
    }

    @OnEachWire
    void aLongerPeekWaitsForTheRest(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("ab");

        LoopFuture<byte[]> peeked = talk.near().peek(4);
        assertThat(peeked.isDone()).isFalse();
        talk.arrives("cd");

        assertThat(talk.text(peeked)).isEqualTo("abcd");
        assertThat(talk.text(talk.near().readBytes(4))).isEqualTo("abcd");
    }

    @OnEachWire
    void aPatternSeesWhatHasComeSoFar(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("1");
        LoopFuture<byte[]> digits = talk.near().readUntilRegex(Pattern.compile("[0-9]+"));
        assertThat(digits.isDone()).isTrue();

        talk.arrives("23");

        assertThat(talk.text(digits)).isEqualTo("1");
        assertThat(talk.text(talk.near().readBytes(2))).isEqualTo("23");
    }

    @OnEachWire
    void aPatternThatMatchesNothingGivesNothingOnceSomethingCame(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> nothing = talk.near().readUntilRegex(Pattern.compile("x*"));
        assertThat(nothing.isDone()).isFalse();

        talk.arrives("abc");

        assertThat(talk.text(nothing)).isEmpty();
        assertThat(talk.text(talk.near().readBytes(3))).isEqualTo("abc");
    }

    @OnEachWire
    void aPatternSeesEachByteAsOneCharacter(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives(new byte[] {(byte) 0xC3, (byte) 0xA9, (byte) 0xFF, 0});

        byte[] found = talk.get(talk.near().readUntilRegex(Pattern.compile("[^\\xff]+\\xff")));

        assertThat(found).containsExactly(0xC3, 0xA9, 0xFF);
    }

    @OnEachWire
    void aLineEndsWithANewlineAndPerhapsAReturnBeforeIt(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        talk.far().write("a\r\n\r\n\nb\rc\r\r\né\n");
        List<String> lines = new ArrayList<>();

        for (int line = 0; line < 5; line++) {
            lines.add(talk.get(talk.near().readLine()));
        }

        assertThat(lines).containsExactly("a", "", "", "b\rc\r", "é");
    }

    @OnEachWire
    void aHundredReadsOfAKilobyteFitInABufferOfTen(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.readBuffer(10 * 1024));
        talk.far().write(Bytes.pattern(100 * 1024));
        byte[] all = new byte[100 * 1024];

        for (int read = 0; read < 100; read++) {
            System.arraycopy(talk.get(talk.near().readBytes(1024)), 0, all, read * 1024, 1024);
            assertThat(talk.near().bytesIn())
                    .isLessThanOrEqualTo((read + 1) * 1024L + 10 * 1024 + 1);
        }

        assertThat(all).isEqualTo(Bytes.pattern(100 * 1024));
    }

    @OnEachWire
    void aHundredLinesOfAKilobyteFitInABufferOfTen(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.readBuffer(10 * 1024));
        String line = "x".repeat(1023) + "\n";
        talk.far().write(line.repeat(100));

        for (int read = 0; read < 100; read++) {
            assertThat(talk.text(talk.near().readUntil("\n"))).isEqualTo(line);
        }
    }

    @OnEachWire
    void countsAndDelimitersThatMakeNoSenseAreRefused(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);

        assertThatIllegalArgumentException().isThrownBy(() -> talk.near().readBytes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> talk.near().readSome(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> talk.near().peek(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> talk.near().readUntil(""));
        assertThatIllegalArgumentException().isThrownBy(() -> talk.near().readUntil(new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> talk.near().readUntil("\n", 0));
        talk.arrives("x\n");
        assertThat(talk.get(talk.near().readLine())).isEqualTo("x");
    }
}

package dev.gyre.verify.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.UnsatisfiableReadException;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import dev.gyre.verify.fuzz.Reading.Kind;
import dev.gyre.verify.fuzz.Reading.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Future.State;
import java.util.regex.Pattern;

/// Any script of reads gives, in whatever pieces the bytes come and the transport hands them over,
/// what a look at all of them gives; also at limits, at the end, and when reads are cancelled.
final class ReadScriptsFuzzTest {

    /// Patterns that are matched with their last character, and not before.
    private static final List<Pattern> PATTERNS =
            List.of(
                    Pattern.compile("\n"),
                    Pattern.compile("\r?\n"),
                    Pattern.compile("[0-9]+;"),
                    Pattern.compile("a[^b]*b"),
                    Pattern.compile("(aa|ab)c"),
                    Pattern.compile("\n\r?\n"));

    /// What is sent is made of these, so that delimiters and patterns occur.
    private static final String ALPHABET = "aabbc01;\r\n\n\u00C3\u00A9\u00FF";

    @FuzzTest
    void everyScriptGivesWhatItsModelGives(byte[] script) throws IOException {
        try (TestLoop test = new TestLoop()) {
            Run run = new Run(new Choices(script), test);
            run.toTheEnd();
            assertThat(test.leftovers()).isEmpty();
        }
    }

    /// One script, on a stream and on its model.
    private static final class Run {

        private final Choices choices;
        private final TestLoop test;
        private final MemoryTransport peer;
        private final IOStream stream;
        private final int bufferMax;

        /// What was sent and not read.
        private String unread = "";

        private boolean ended;

        /// Null while no read is outstanding.
        private Reading reading;

        private LoopFuture<String> result;

        Run(Choices choices, TestLoop test) {
            this.choices = choices;
            this.test = test;
            bufferMax = 1 + choices.below(60);
            MemoryTransport.Pair pair = MemoryTransport.pair();
            peer = pair.far();
            int first = choices.below(4);
            int second = 1 + choices.below(30);
            pair.near().faults(call -> call % 2 == 0 ? first : second);
            stream =
                    new IOStream(
                            test.loop(),
                            pair.near(),
                            StreamOptions.defaults().withReadBufferBytesMax(bufferMax));
        }

        void toTheEnd() throws IOException {
            while (choices.areLeft()) {
                switch (choices.below(8)) {
                    case 0, 1, 2 -> send(choices.bytes(choices.below(16)));
                    case 3 -> cancel();
                    case 4 -> end(choices.below(8) == 0);
                    default -> read();
                }
            }
            end(true);
            cancel();
            check(new Reading.Some(Character.MAX_VALUE));
            stream.close();
            peer.close();
            test.runUntilIdle();
        }

        private void send(byte[] letters) throws IOException {
            if (ended) {
                return;
            }
            StringBuilder sent = new StringBuilder();
            for (byte letter : letters) {
                sent.append(ALPHABET.charAt((letter & 0xFF) % ALPHABET.length()));
            }
            peer.write(ByteBuffer.wrap(sent.toString().getBytes(StandardCharsets.ISO_8859_1)));
            unread += sent;
            settle();
        }

        private void end(boolean really) throws IOException {
            if (really && !ended) {
                ended = true;
                peer.shutdownOutput();
            }
            settle();
        }

        private void cancel() {
            if (reading != null) {
                assertThat(result.cancel()).isTrue();
                reading = null;
                test.runUntilIdle();
            }
        }

        private void read() {
            if (reading != null) {
                assertThatExceptionOfType(IllegalStateException.class)
                        .isThrownBy(() -> stream.readBytes(1));
                return;
            }
            switch (choices.below(9)) {
                case 0 -> limited(limit -> new Reading.Until(delimiter(), limit));
                case 1 -> limited(limit -> new Reading.Match(pattern(), limit));
                case 2 -> limited(Reading.Line::new);
                case 3 -> limited(Reading.UntilClose::new);
                case 4 -> buffered(Reading.Exactly::new);
                case 5 -> buffered(Reading.Peek::new);
                case 6 -> check(new Reading.Some(choices.below(20)));
                case 7 -> check(new Reading.SomeInto(ByteBuffer.allocate(1 + choices.below(20))));
                default -> check(new Reading.Fill(ByteBuffer.allocate(choices.below(100))));
            }
        }

        private String delimiter() {
            StringBuilder delimiter = new StringBuilder();
            for (int left = 1 + choices.below(3); left > 0; left--) {
                delimiter.append(ALPHABET.charAt(choices.below(ALPHABET.length())));
            }
            return delimiter.toString();
        }

        private Pattern pattern() {
            return PATTERNS.get(choices.below(PATTERNS.size()));
        }

        /// A reading with a number.
        private interface Numbered {
            Reading with(int number);
        }

        private void limited(Numbered kind) {
            int limit = choices.below(bufferMax + 2);
            Reading limited = kind.with(limit);
            if (limit == 0 || limit > bufferMax) {
                assertThatIllegalArgumentException().isThrownBy(() -> limited.of(stream));
            } else {
                check(limited);
            }
        }

        private void buffered(Numbered kind) {
            int count = choices.below(bufferMax + 2);
            Reading buffered = kind.with(count);
            if (count > bufferMax) {
                assertThatExceptionOfType(UnsatisfiableReadException.class)
                        .isThrownBy(() -> buffered.of(stream));
            } else {
                check(buffered);
            }
        }

        private void check(Reading next) {
            reading = next;
            result = next.of(stream);
            settle();
        }

        /// Compares what has become of the outstanding read with what must.
        private void settle() {
            test.runUntilIdle();
            if (reading == null) {
                return;
            }
            Outcome expected = reading.outcome(unread, ended);
            assertThat(result.isDone())
                    .as("%s of <%s>, ended: %s", reading, unread, ended)
                    .isEqualTo(expected.kind() != Kind.WAITS);
            if (!result.isDone()) {
                return;
            }
            int taken = expected.taken();
            switch (expected.kind()) {
                case GIVES -> taken = given(expected);
                case UNSATISFIABLE -> assertFailed(UnsatisfiableReadException.class);
                default -> assertFailed(StreamClosedException.class);
            }
            unread = unread.substring(taken);
            reading = null;
        }

        private int given(Outcome expected) {
            assertThat(result.state()).as("state of %s", reading).isEqualTo(State.SUCCESS);
            String given = result.resultNow();
            if (!reading.isPartial()) {
                assertThat(given).as("%s of <%s>", reading, unread).isEqualTo(expected.gives());
                return expected.taken();
            }
            assertThat(expected.gives()).startsWith(given);
            assertThat(given.isEmpty()).isEqualTo(expected.gives().isEmpty());
            return given.length();
        }

        private void assertFailed(Class<? extends Exception> type) {
            assertThat(result.state()).as("state of %s", reading).isEqualTo(State.FAILED);
            assertThat(result.exceptionNow()).as("%s of <%s>", reading, unread).isInstanceOf(type);
            if (reading instanceof Reading.Fill fill) {
                assertThat(Reading.filled(fill.target())).isEqualTo(unread);
            }
        }
    }
}

package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

/// In whatever pieces a message comes, each verb gives the same, and what follows survives.
final class ChunkedReadsTest {

    private static final String FOLLOWING = "what\nfollows";

    private Dialogue talk;

    @AfterEach
    void close() {
        talk.close();
    }

    /// What a verb makes of a message, as text.
    private record Case(
            String message, String expected, Function<IOStream, LoopFuture<String>> read) {}

    private static final List<Case> CASES =
            List.of(
                    new Case("line\n", "line\n", read -> text(read.readUntil("\n"))),
                    new Case("line\r\n", "line\r\n", read -> text(read.readUntil("\r\n"))),
                    new Case("\r\r\r\n", "\r\r\r\n", read -> text(read.readUntil("\r\n"))),
                    new Case(
                            "head\r\nx\r\n\r\n",
                            "head\r\nx\r\n\r\n",
                            read -> text(read.readUntil("\r\n\r\n"))),
                    new Case("aabaabaac", "aabaabaac", read -> text(read.readUntil("aabaac"))),
                    new Case(
                            "text--end--",
                            "text--end--",
                            read -> text(read.readUntil(Dialogue.bytes("--end--")))),
                    new Case("plain line\r\n", "plain line", IOStream::readLine),
                    new Case("naïve ☃ line\n", "naïve ☃ line", IOStream::readLine),
                    new Case("\n", "", IOStream::readLine),
                    new Case(
                            "key: 12;",
                            "key: 12;",
                            read -> text(read.readUntilRegex(Pattern.compile("[0-9]+;")))),
                    new Case("exactly", "exactly", read -> text(read.readBytes(7))),
                    new Case("filled", "filled", ChunkedReadsTest::fill),
                    new Case("looked at", "looked at", read -> read.peek(9).map(Dialogue::text)));

    private static LoopFuture<String> text(LoopFuture<byte[]> read) {
        return read.map(Dialogue::text);
    }

    private static LoopFuture<String> fill(IOStream stream) {
        byte[] target = new byte[6];
        return stream.readInto(ByteBuffer.wrap(target)).map(count -> Dialogue.text(target));
    }

    @OnEachWire
    void everyChunkingGivesTheSame(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        for (Case each : CASES) {
            byte[] sent = (each.message + FOLLOWING).getBytes(StandardCharsets.UTF_8);
            for (Chunking chunking : Chunking.of(sent)) {
                List<String> received = received(each, chunking);

                assertThat(received)
                        .as("%s %s", each.message, chunking)
                        .containsExactly(each.expected, following(each));
            }
        }
    }

    /// Returns what the read and the one after it gave.
    private List<String> received(Case each, Chunking chunking) {
        int rest = following(each).length();
        Task<List<String>> reader =
                talk.loop()
                        .spawn(
                                "reader",
                                () ->
                                        List.of(
                                                each.read.apply(talk.near()).await(),
                                                text(talk.near().readBytes(rest)).await()));
        for (byte[] chunk : chunking.chunks()) {
            talk.arrives(chunk);
        }
        return talk.get(reader);
    }

    private static String following(Case each) {
        return each.message.startsWith("looked") ? each.message + FOLLOWING : FOLLOWING;
    }
}

package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.StreamBufferFullException;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.testing.TestLoop;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;

/// Files among the writes of a stream.
final class SendFileTest {

    private Dialogue talk;

    @AfterEach
    void close() {
        talk.close();
    }

    @OnEachWire
    void aPartOfAFileKeepsItsPlaceAmongTheWrites(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        try (TempFile file = TempFile.of("0123456789")) {
            talk.near().write("<");
            LoopFuture<Void> sent = talk.near().sendFile(file.channel(), 3, 4);
            talk.near().write(">\n");

            assertThat(talk.get(talk.far().readLine())).isEqualTo("<3456>");
            talk.get(sent);
            assertThat(file.channel().position()).isZero();
        }
    }

    @OnEachWire
    void aFileOfMegabytesArrivesWhole(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        byte[] content = Bytes.pattern(3_000_000);
        try (TempFile file = TempFile.of(content)) {
            LoopFuture<Void> sent = talk.near().sendFile(file.channel(), 0, content.length);
            assertThat(talk.near().bytesQueued() + talk.near().bytesOut())
                    .isEqualTo(content.length);
            byte[] received = new byte[content.length];

            talk.get(talk.far().readInto(ByteBuffer.wrap(received)));

            talk.get(sent);
            assertThat(Arrays.equals(received, content)).isTrue();
        }
    }

    @OnEachWire
    void bytesThatAreStillInAFileDoNotFillTheQueue(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.writeQueue(10));
        byte[] content = Bytes.pattern(3_000_000);
        try (TempFile file = TempFile.of(content)) {
            talk.near().sendFile(file.channel(), 0, content.length);
            LoopFuture<Void> again = talk.near().sendFile(file.channel(), 0, content.length);
            talk.near().write("0123456789");

            assertThatExceptionOfType(StreamBufferFullException.class)
                    .isThrownBy(() -> talk.near().sendFile(file.channel(), 0, 1))
                    .withMessageContaining("10 bytes are queued, and the limit is 10;");

            talk.get(talk.far().readInto(ByteBuffer.allocate(2 * content.length + 10)));
            talk.get(again);
            talk.near().write("012345678");
            talk.near().write("x");
        }
    }

    @OnEachWire
    void nothingOfAFileIsSentInItsPlace(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        try (TempFile file = TempFile.of("content")) {
            talk.near().write("a");
            LoopFuture<Void> sent = talk.near().sendFile(file.channel(), 2, 0);
            talk.near().write("b\n");

            assertThat(talk.get(talk.far().readLine())).isEqualTo("ab");
            talk.get(sent);
        }
    }

    @OnEachWire
    void aFileThatEndsEarlyClosesTheStream(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        try (TempFile file = TempFile.of("short")) {
            LoopFuture<Void> sent = talk.near().sendFile(file.channel(), 0, 10);
            LoopFuture<Void> after = talk.near().write("after");

            assertThat(talk.failure(sent))
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageContaining("a file ended 5 bytes before what was to be sent")
                    .hasCauseInstanceOf(IOException.class);
            assertThat(((StreamClosedException) talk.failure(after)).isOrderly()).isFalse();
            assertThat(talk.near().isOpen()).isFalse();
            assertThat(sent.exceptionNow().getCause()).isNotInstanceOf(EOFException.class);
        }
    }

    @OnEachWire
    void aFileThatWasClosedClosesTheStream(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        try (TempFile file = TempFile.of("content")) {
            LoopFuture<Void> sent = talk.near().sendFile(file.channel(), 0, 7);
            file.channel().close();

            assertThat(talk.failure(sent))
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageContaining("failed")
                    .hasCauseInstanceOf(IOException.class);
            assertThat(sent.exceptionNow().getCause())
                    .isNotInstanceOf(ClosedChannelException.class);
        }
    }

    @OnEachWire
    void aFileOpenForWritingOnlyClosesTheStream(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        try (TempFile file = TempFile.of("content");
                FileChannel log = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
            LoopFuture<Void> sent = talk.near().sendFile(log, 0, 7);

            assertThat(talk.failure(sent))
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageContaining("a file that was to be sent cannot be read");
        }
    }

    @OnEachWire
    void whatWasWrittenBeforeAFileThatEndsEarlyArrives(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        try (TempFile file = TempFile.of("short")) {
            LoopFuture<Void> before = talk.near().write("before ");
            LoopFuture<Void> sent = talk.near().sendFile(file.channel(), 0, 10);

            assertThat(talk.text(talk.far().readUntilClose())).isEqualTo("before short");
            talk.get(before);
            assertThat(talk.failure(sent)).hasMessageContaining("a file ended 5 bytes before");
        }
    }

    @OnEachWire
    void whatWasWrittenBeforeAFileThatCannotBeReadArrives(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        byte[] content = Bytes.pattern(3_000_000);
        try (TempFile file = TempFile.of("content")) {
            LoopFuture<Void> before = talk.near().write(content);
            LoopFuture<Void> nothing = talk.near().write("");
            LoopFuture<Void> sent = talk.near().sendFile(file.channel(), 0, 7);
            LoopFuture<Void> after = talk.near().write("after");
            file.channel().close();
            byte[] received = new byte[content.length];

            talk.get(talk.far().readInto(ByteBuffer.wrap(received)));

            assertThat(Arrays.equals(received, content)).isTrue();
            talk.get(before);
            talk.get(nothing);
            assertThat(talk.failure(sent))
                    .hasMessageContaining("a file that was to be sent cannot be read");
            assertThat(talk.failure(after)).isInstanceOf(StreamClosedException.class);
            assertThat(talk.text(talk.far().readUntilClose())).isEmpty();
        }
    }

    @OnEachWire
    void theLastAttemptOfACloseSendsWhatIsInFrontOfABrokenFile(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        try (TempFile file = TempFile.of("content")) {
            talk.near().write("before");
            talk.near().sendFile(file.channel(), 0, 7);
            file.channel().close();

            talk.run(() -> {
                talk.near().close();
                return true;
            });

            assertThat(talk.text(talk.far().readUntilClose())).isEqualTo("before");
        }
    }

    /// As the JDK has it for every channel that an interrupted thread reads.
    @OnEachWire
    void anInterruptedTaskClosesTheFileThatItSends(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        byte[] content = Bytes.pattern(100_000);
        try (TempFile file = TempFile.of(content)) {
            LoopFuture<Void> sent =
                    talk.run(() -> {
                        Thread.currentThread().interrupt();
                        LoopFuture<Void> begun =
                                talk.near().sendFile(file.channel(), 0, content.length);
                        assertThat(Thread.interrupted()).isTrue();
                        return begun;
                    });

            assertThat(talk.failure(sent).getCause())
                    .hasCauseInstanceOf(ClosedByInterruptException.class);
            assertThat(file.channel().isOpen()).isFalse();
        }
    }
}

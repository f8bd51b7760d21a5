package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

/// Reads, and other suspensions, that are given up.
final class CancelledReadsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /// A read of each kind, for something that begins with "partial".
    private static final List<Function<IOStream, LoopFuture<?>>> READS =
            List.of(
                    stream -> stream.readUntil("\n"),
                    IOStream::readLine,
                    stream -> stream.readUntilRegex(Pattern.compile("[0-9]")),
                    stream -> stream.readBytes(100),
                    stream -> stream.peek(100),
                    stream -> stream.readInto(ByteBuffer.allocate(100)),
                    IOStream::readUntilClose);

    private Dialogue talk;

    @AfterEach
    void close() {
        talk.close();
    }

    @OnEachWire
    void aCancelledReadLeavesItsBytesToTheNext(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        for (Function<IOStream, LoopFuture<?>> verb : READS) {
            LoopFuture<?> read = verb.apply(talk.near());
            talk.arrives("partial");

            assertThat(read.cancel()).isTrue();

            assertThat(talk.failure(read)).isInstanceOf(CancellationException.class);
            assertThat(talk.text(talk.near().readBytes(7))).isEqualTo("partial");
        }
    }

    @OnEachWire
    void aReadWhoseTimeIsUpLeavesItsBytesToTheNext(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        for (Function<IOStream, LoopFuture<?>> verb : READS) {
            Task<?> reader =
                    talk.loop().spawn("reader", () -> verb.apply(talk.near()).await(SECOND));
            talk.idle();
            talk.arrives("partial");

            test.advance(SECOND);

            assertThat(talk.failure(reader)).isInstanceOf(DeadlineExceededException.class);
            assertThat(talk.text(talk.near().readBytes(7))).isEqualTo("partial");
        }
    }

    @OnEachWire
    void aCancelledReadKeepsItsPlaceInTheSearch(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> first = talk.near().readUntil("\r\n");
        talk.arrives("line\r");
        first.cancel();

        LoopFuture<byte[]> second = talk.near().readUntil("\r\n");
        talk.arrives("\n");

        assertThat(talk.text(second)).isEqualTo("line\r\n");
    }

    /// Nor about the same one once something was read.
    @OnEachWire
    void aSearchThatWasGivenUpSaysNothingAboutAnother(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> first = talk.near().readUntil("abcd");
        talk.arrives("x;0123456789");
        first.cancel();

        LoopFuture<byte[]> other = talk.near().readUntil(";");

        assertThat(other.isDone()).isTrue();
    }

    @OnEachWire
    void aSearchThatWasGivenUpBeginsAnewBehindWhatWasRead(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<byte[]> first = talk.near().readUntil("abcd");
        talk.arrives("0123456789");
        first.cancel();
        talk.get(talk.near().readBytes(8));
        talk.near().peek(8);
        talk.arrives("abcdxx");

        LoopFuture<byte[]> second = talk.near().readUntil("abcd");

        assertThat(second.isDone()).isTrue();
    }

    @OnEachWire
    void aValueThatHasComeIsNotTakenBack(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        LoopFuture<String> read = talk.near().readLine();
        talk.arrives("line\n");

        assertThat(read.cancel()).isFalse();

        assertThat(talk.get(read)).isEqualTo("line");
    }

    @OnEachWire
    void aDeadlineEndsEverySuspension(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.near().write(new byte[12_000_000]);
        List<Callable<?>> suspensions =
                List.of(
                        () -> talk.near().readLine().await(),
                        () -> talk.near().write("x").await(),
                        () -> talk.near().drain().await(),
                        () -> talk.near().closed().await(),
                        () -> talk.far().pipeTo(talk.far()).await(),
                        () -> talk.near().shutdownOutput().await(),
                        () -> talk.near().closeAfterFlush().await());
        for (Callable<?> suspension : suspensions) {
            Task<?> task = talk.loop().spawn("waits", () -> Task.withDeadline(SECOND, suspension));
            talk.idle();
            assertThat(task.isDone()).isFalse();

            test.advance(SECOND);

            assertThat(talk.failure(task)).isInstanceOf(DeadlineExceededException.class);
        }
    }

    @OnEachWire
    void aCancelledTaskFreesTheStream(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        Task<String> reader = talk.loop().spawn("reader", () -> talk.near().readLine().await());
        talk.idle();

        reader.cancel();
        talk.idle();
        talk.far().write("line\n");

        assertThat(reader.isDone()).isTrue();
        assertThat(talk.get(talk.near().readLine())).isEqualTo("line");
    }

    @OnEachWire
    void bytesThatComeWhenTheTimeIsUpAreReadOnce(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        for (int before = 0; before < 6; before++) {
            StringBuilder lines = new StringBuilder();
            Task<?> reader = talk.loop().spawn("reader", () -> lineWithinASecond(lines));
            test.advance(SECOND.minusNanos(1));
            talk.far().write("line\n");
            turns(before);

            test.advance(Duration.ofNanos(1));
            talk.until(reader::isDone);
            if (lines.isEmpty()) {
                lines.append(talk.get(talk.near().readLine()));
            }

            assertThat(lines).as("%d turns before", before).hasToString("line");
        }
    }

    private Void lineWithinASecond(StringBuilder lines) {
        try {
            lines.append(talk.near().readLine().await(SECOND));
        } catch (DeadlineExceededException e) {
            assertThat(lines).isEmpty();
        }
        return null;
    }

    private void turns(int count) {
        for (int turn = 0; turn < count; turn++) {
            LoopFuture<Boolean> passed = new LoopFuture<>(talk.loop());
            talk.loop().addCallback(() -> passed.complete(true));
            talk.until(passed::isDone);
        }
    }
}

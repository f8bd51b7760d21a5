package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.TestLoop;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams between a fast side and a slow one, and streams whose other side breaks.
final class FlowTest {

    private static final int MEGABYTE = 1024 * 1024;

    private Dialogue talk;

    @AfterEach
    void close() {
        talk.close();
    }

    @OnEachWire
    void aSlowReaderOfTenMegabytesHoldsFiveAtMost(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire, Limits.readBuffer(5 * MEGABYTE));
        byte[] sent = Bytes.pattern(10 * MEGABYTE);
        talk.far().write(sent);
        long most = 0;

        for (int read = 0; read < 10; read++) {
            byte[] received = talk.get(talk.near().readBytes(MEGABYTE));
            assertThat(received)
                    .isEqualTo(Arrays.copyOfRange(sent, read * MEGABYTE, (read + 1) * MEGABYTE));
            most = Math.max(most, talk.near().bytesIn() - (read + 1L) * MEGABYTE);
            talk.idle();
        }

        assertThat(most).isLessThan(64 * 1024);
    }

    @OnEachWire
    void lineEchoKeepsTheOrderOfTenThousandLines(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        Task<?> echo = talk.loop().spawn("echo", () -> echo(talk.near()));
        Task<?> sender = talk.loop().spawn("sender", () -> sendLines(talk.far(), 10_000));

        talk.run(() -> {
            for (int line = 0; line < 10_000; line++) {
                assertThat(talk.far().readLine().await()).isEqualTo("line " + line);
            }
            return null;
        });

        talk.get(sender);
        talk.far().close();
        talk.until(echo::isDone);
    }

    private static Void echo(IOStream stream) {
        try {
            while (true) {
                stream.write(stream.readUntil("\n").await());
                stream.drain().await();
            }
        } catch (StreamClosedException e) {
            assertThat(e.isOrderly()).isTrue();
            return null;
        }
    }

    private static Void sendLines(IOStream stream, int count) {
        for (int line = 0; line < count; line++) {
            stream.write("line " + line + "\n");
            stream.drain().await();
        }
        return null;
    }

    /// This is not tested over TLS, where a peer says its end before it resets.
    @ParameterizedTest(name = "{0}")
    @EnumSource(value = Wire.class, mode = EnumSource.Mode.EXCLUDE, names = "TLS")
    @Timeout(GyreTest.SECONDS_MAX)
    @ExtendWith(LoopExtension.class)
    void aPeerThatLeavesWithBytesUnreadResetsTheConnection(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        List<String> told = new ArrayList<>();
        talk.near().onClose(cause -> told.add("orderly: " + cause.isOrderly()));
        LoopFuture<Void> write = talk.near().write(new byte[12 * MEGABYTE]);
        LoopFuture<byte[]> read = talk.near().readSome(1);
        LoopFuture<byte[]> unread = talk.far().peek(1);
        talk.get(unread);
        talk.idle();
        if (wire == Wire.TCP) {
            // Otherwise the JDK ends the output in order before it closes the socket.
            talk.far().setOption(StandardSocketOptions.SO_LINGER, 0);
        }

        talk.far().close();
        talk.until(() -> !told.isEmpty());

        for (LoopFuture<?> failed : List.of(write, read)) {
            assertThat(talk.failure(failed))
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageContaining("failed: ")
                    .hasCauseInstanceOf(IOException.class);
            assertThat(failed.exceptionNow().getCause()).isNotInstanceOf(EOFException.class);
        }
        assertThat(told).containsExactly("orderly: false");
    }

    @OnEachWire
    void whatHadComeBeforeAResetCanBeRead(Wire wire, TestLoop test) throws IOException {
        talk = new Dialogue(test, wire);
        talk.arrives("before");
        talk.near().write(new byte[12 * MEGABYTE]);
        talk.get(talk.far().peek(1));
        talk.idle();

        talk.far().close();
        talk.until(() -> !talk.near().isOpen());

        assertThat(talk.text(talk.near().readBytes(6))).isEqualTo("before");
        assertThat(talk.failure(talk.near().readUntilClose()))
                .as("a reset is no end of everything")
                .isInstanceOf(StreamClosedException.class);
    }

    /// Two streams have something to read in one turn, and each closes the other.
    @OnEachWire
    void aStreamClosedInTheTurnInWhichItIsReadyHearsNothingMore(Wire wire, TestLoop test)
            throws IOException {
        talk = new Dialogue(test, wire);
        try (Dialogue other = new Dialogue(test, wire)) {
            talk.near().readLine().onDone(line -> other.near().close(), failure -> {});
            other.near().readLine().onDone(line -> talk.near().close(), failure -> {});
            talk.far().write("one\n");
            other.far().write("two\n");
            talk.far().flush();
            other.far().flush();

            talk.until(() -> !talk.near().isOpen() || !other.near().isOpen());
            long received = talk.near().bytesIn() + other.near().bytesIn();
            talk.idle();

            assertThat(talk.near().bytesIn() + other.near().bytesIn()).isEqualTo(received);
        }
    }

    @OnEachWire
    void aListenerThatThrowsHarmsNobodyElse(Wire wire, TestLoop test, ExpectLog log)
            throws IOException {
        talk = new Dialogue(test, wire);
        log.expect(3, "dev.gyre.application", Level.ERROR, "thrown by a listener");
        List<String> told = new ArrayList<>();
        LoopFuture<String> read = talk.near().readLine();
        read.onDone(line -> fail(), failure -> {});
        read.onDone(told::add, failure -> {});
        LoopFuture<Void> write = talk.near().write("x");
        write.onDone(sent -> fail(), failure -> {});
        write.onDone(sent -> told.add("sent"), failure -> {});
        talk.near().onClose(cause -> fail());
        talk.near().onClose(cause -> told.add("closed"));

        talk.far().write("line\n");
        talk.until(() -> told.size() == 2);
        assertThat(talk.near().isOpen()).isTrue();
        talk.near().close();
        talk.until(() -> told.size() == 3);

        assertThat(told).containsExactlyInAnyOrder("line", "sent", "closed").endsWith("closed");
    }

    private static void fail() {
        throw new IllegalStateException("thrown by a listener");
    }
}

package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.TlsOptions;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS records that are cut, cut off, spoiled, or none at all. A client says two lines and leaves;
/// the server reads them.
@Timeout(120)
final class TlsRecordsTest {

    /// The records of the lines, and of the end. Before them only some places are tried.
    private static final int TAIL = 150;

    private static final int STRIDE = 3;

    private static TlsOptions serverOptions;
    private static TlsOptions clientOptions;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) {
        PemFiles own = PemFiles.make(folder, "EC", "localhost");
        serverOptions = TlsOptions.server().withCertificate(own.certificate(), own.key());
        clientOptions = TlsOptions.client().withTrust(own.certificate());
    }

    /// What became of one conversation.
    ///
    /// @param heard what the server read
    /// @param end why its stream closed
    /// @param bytes how many bytes had come to it
    private record Outcome(String heard, StreamClosedException end, long bytes) {}

    /// Meddles with what the server receives.
    private interface Meddling {
        void with(MeddledTransport transport);
    }

    private static Outcome converse(String protocol, Meddling meddling) {
        try (TestLoop test = new TestLoop();
                MeddledPair pair = MeddledPair.connect(test.loop())) {
            meddling.with(pair.meddled());
            StringBuilder heard = new StringBuilder();
            LoopFuture<StreamClosedException> end = pair.server().closed();
            test.loop().spawn("server", () -> serve(pair.server(), heard));
            test.loop().spawn("client", () -> speak(pair.client(), protocol));

            test.runUntilIdle();
            // Where a length was spoiled, both wait for ever; then somebody has to leave.
            pair.client().close();
            test.runUntilIdle();

            assertThat(end.state()).isEqualTo(Future.State.SUCCESS);
            return new Outcome(heard.toString(), end.resultNow(), pair.meddled().seen());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Void serve(IOStream server, StringBuilder heard) {
        try {
            server.startTls(serverOptions).await();
            while (true) {
                heard.append(server.readLine().await()).append('\n');
            }
        } catch (StreamClosedException e) {
            return null;
        }
    }

    private static Void speak(IOStream client, String protocol) {
        try {
            client.startTls(clientOptions.withProtocols(protocol), "localhost").await();
            client.write("first\n").await();
            client.write("second\n").await();
            client.close();
        } catch (StreamClosedException e) {
            // The server has refused what it got.
            return null;
        }
        return null;
    }

    private static void atIndexes(String protocol, LongConsumer body) {
        long bytes = converse(protocol, transport -> {}).bytes();
        assertThat(bytes).isGreaterThan(300);
        for (long index = 0; index < bytes; index += index < bytes - TAIL ? STRIDE : 1) {
            body.accept(index);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void recordsThatAreCutAnywhereAreTheSame(String protocol) {
        atIndexes(
                protocol,
                index -> {
                    Outcome outcome = converse(protocol, transport -> transport.cutAt(index));

                    assertThat(outcome.heard()).as("cut at %d", index).isEqualTo("first\nsecond\n");
                    assertThat(outcome.end().isOrderly()).as("cut at %d", index).isTrue();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void inputThatEndsBeforeCloseNotifyIsNoOrderlyEnd(String protocol) {
        atIndexes(
                protocol,
                index -> {
                    Outcome outcome = converse(protocol, transport -> transport.endAt(index));

                    assertThat("first\nsecond\n").startsWith(outcome.heard());
                    assertThat(outcome.end())
                            .as("ended at %d", index)
                            .hasCauseInstanceOf(SSLException.class);
                    assertThat(outcome.end().isOrderly()).as("ended at %d", index).isFalse();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aSpoiledByteIsNoticedOrHarmless(String protocol) {
        atIndexes(
                protocol,
                index -> {
                    Outcome outcome = converse(protocol, transport -> transport.flipAt(index));

                    assertThat("first\nsecond\n")
                            .as("spoiled at %d", index)
                            .startsWith(outcome.heard());
                    if (outcome.end().isOrderly()) {
                        assertThat(outcome.heard())
                                .as("spoiled at %d", index)
                                .isEqualTo("first\nsecond\n");
                    }
                });
    }

    @Test
    void whatCameBeforeASpoiledRecordIsRead() {
        long bytes = converse("TLSv1.3", transport -> {}).bytes();

        // The last byte belongs to close_notify.
        Outcome outcome = converse("TLSv1.3", transport -> transport.flipAt(bytes - 1));

        assertThat(outcome.heard()).isEqualTo("first\nsecond\n");
        assertThat(outcome.end()).hasCauseInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 6, 100, 20_000, 200_000})
    void noiseIsNoHandshake(int size) throws IOException {
        Random random = new Random(size);
        for (int round = 0; round < 20; round++) {
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            if (round % 2 == 1) {
                // The head of a handshake record, so that the rest is looked at.
                byte[] head = {22, 3, 3, (byte) (size >> 8 & 0x3F), (byte) size};
                System.arraycopy(head, 0, noise, 0, Math.min(size, head.length));
            }
            assertThat(endOf(noise)).hasCauseInstanceOf(SSLException.class);
        }
    }

    private static StreamClosedException endOf(byte[] noise) throws IOException {
        try (TestLoop test = new TestLoop();
                MeddledPair pair = MeddledPair.connect(test.loop())) {
            LoopFuture<StreamClosedException> end = pair.server().closed();
            pair.client().write(noise);
            pair.server().startTls(serverOptions);
            test.runUntilIdle();
            pair.client().close();
            test.runUntilIdle();
            assertThat(end.isDone()).isTrue();
            return end.resultNow();
        }
    }

    @Test
    void moreThanOneBufferThatCameBeforeIsTakenAsRecords() throws IOException {
        byte[] noise = "x".repeat(200_000).getBytes(StandardCharsets.US_ASCII);
        try (TestLoop test = new TestLoop();
                MeddledPair pair = MeddledPair.connect(test.loop())) {
            pair.client().write(noise);
            LoopFuture<byte[]> peeked = pair.server().peek(noise.length);
            test.runUntilIdle();
            assertThat(peeked.isDone()).isTrue();
            LoopFuture<StreamClosedException> end = pair.server().closed();

            pair.server().startTls(serverOptions);
            test.runUntilIdle();

            assertThat(end.resultNow().getMessage()).contains("plaintext connection");
        }
    }
}

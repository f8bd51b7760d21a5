package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.TlsOptions;
import dev.gyre.stream.TlsSession;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// How TLS begins and ends, step by step, on a clock that stands still.
final class TlsStartTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static TlsOptions serverOptions;
    private static TlsOptions clientOptions;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) {
        PemFiles own = PemFiles.make(folder, "EC", "localhost");
        serverOptions = TlsOptions.server().withCertificate(own.certificate(), own.key());
        clientOptions = TlsOptions.client().withTrust(own.certificate());
    }

    private static void startBoth(TestLoop test, MeddledPair pair) {
        startBoth(test, pair, clientOptions);
    }

    private static void startBoth(TestLoop test, MeddledPair pair, TlsOptions asking) {
        pair.server().startTls(serverOptions);
        pair.client().startTls(asking, "localhost");
        test.runUntilIdle();
        assertThat(pair.server().tls()).isPresent();
        assertThat(pair.client().tls()).isPresent();
    }

    private static String text(LoopFuture<byte[]> done) {
        return new String(done.resultNow(), StandardCharsets.UTF_8);
    }

    @GyreTest
    void aServerThatSpeaksFirstWaitsForTheHelloWithoutSpinning(TestLoop test) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            LoopFuture<Void> written = writeAfterStart(pair.server());

            // The call fails if the loop does not come to rest.
            test.runUntilIdle();

            assertThat(written.isDone()).isFalse();
            LoopFuture<String> line = pair.client().readLine();
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> pair.client().startTls(clientOptions, "localhost"));
            line.cancel();
            pair.client().startTls(clientOptions, "localhost");
            LoopFuture<String> greeting = pair.client().readLine();
            test.runUntilIdle();
            assertThat(greeting.resultNow()).isEqualTo("220 ready");
            assertThat(written.state()).isEqualTo(Future.State.SUCCESS);
        }
    }

    private static LoopFuture<Void> writeAfterStart(IOStream server) {
        server.startTls(serverOptions);
        return server.write("220 ready\n");
    }

    @GyreTest
    void aHelloThatWasReceivedBeforeIsNotLost(TestLoop test) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            pair.client().startTls(clientOptions, "localhost");
            // An idle stream takes in what comes.
            test.runUntilIdle();
            assertThat(pair.server().bytesIn()).isPositive();

            LoopFuture<TlsSession> session = pair.server().startTls(serverOptions);
            test.runUntilIdle();

            assertThat(session.resultNow().protocol()).isEqualTo("TLSv1.3");
        }
    }

    @GyreTest
    void tlsThatIsToStartAfterTheEndOfTheInputFailsAtOnce(TestLoop test) {
        MemoryTransport.Pair pair = MemoryTransport.pair();
        StreamOptions halfOpen = StreamOptions.defaults().withHalfOpen();
        try (IOStream server = new IOStream(test.loop(), pair.near(), halfOpen)) {
            pair.far().close();
            test.runUntilIdle();

            LoopFuture<TlsSession> session = server.startTls(serverOptions);

            assertThat(session.exceptionNow())
                    .isInstanceOf(StreamClosedException.class)
                    .hasMessageContaining("the peer had ended its output before TLS began");
            assertThat(server.isOpen()).isFalse();
        }
    }

    private static int scarceRoom(int call) {
        return switch (call) {
            case 1 -> 5;
            case 2, 3, 4, 5, 6, 7, 8 -> 0;
            default -> Integer.MAX_VALUE;
        };
    }

    @GyreTest
    void theEndOfTheOutputWaitsForRoom(TestLoop test) {
        MemoryTransport.Pair pair = MemoryTransport.pair();
        StreamOptions halfOpen = StreamOptions.defaults().withHalfOpen();
        try (IOStream server = new IOStream(test.loop(), pair.near(), halfOpen);
                IOStream client = new IOStream(test.loop(), pair.far(), halfOpen)) {
            server.startTls(serverOptions);
            client.startTls(clientOptions, "localhost");
            client.shutdownOutput();
            test.runUntilIdle();
            // There is room for the answer, but for 5 bytes only of the record that ends it.
            int answer = pair.near().calls();
            pair.near().faults(call -> scarceRoom(call - answer));
            server.write("answer");

            LoopFuture<Void> ended = server.shutdownOutput();
            LoopFuture<byte[]> read = client.readUntilClose();
            test.runUntilIdle();

            assertThat(text(read)).isEqualTo("answer");
            assertThat(ended.state()).isEqualTo(Future.State.SUCCESS);
            assertThat(server.isOpen()).isFalse();
        }
    }

    @GyreTest
    void aHandshakeThroughTheNarrowestConnectionNeitherSpinsNorStops(TestLoop test) {
        for (int capacity = 1; capacity <= 8; capacity++) {
            MemoryTransport.Pair pair = MemoryTransport.pair(capacity);
            try (IOStream server = new IOStream(test.loop(), pair.near());
                    IOStream client = new IOStream(test.loop(), pair.far())) {
                server.startTls(serverOptions);
                client.startTls(clientOptions, "localhost");

                test.runUntilIdle();

                assertThat(server.tls()).as("with room for " + capacity).isPresent();
                assertThat(client.tls()).as("with room for " + capacity).isPresent();
            }
        }
    }

    @GyreTest
    void theSessionIsKnownAfterTheHandshakeAndTlsStartsOnce(TestLoop test) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            assertThat(pair.server().tls()).isEmpty();
            LoopFuture<TlsSession> session = pair.server().startTls(serverOptions);
            assertThat(pair.server().tls()).isEmpty();
            pair.client().startTls(clientOptions, "localhost");
            test.runUntilIdle();

            assertThat(pair.server().tls()).contains(session.resultNow());
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> pair.server().startTls(serverOptions))
                    .withMessageContaining("not ready for TLS");
        }
    }

    @GyreTest
    void outputThatTheKernelHasNotTakenKeepsTlsFromStarting(TestLoop test) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            pair.meddled().withoutRoom(true);
            LoopFuture<Void> plain = write(pair.server(), "plain");

            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> pair.server().startTls(serverOptions))
                    .withMessageContaining("not ready for TLS");

            pair.meddled().withoutRoom(false);
            test.runUntilIdle();
            assertThat(plain.state()).isEqualTo(Future.State.SUCCESS);
        }
    }

    private static LoopFuture<Void> write(IOStream stream, String text) {
        return stream.write(text);
    }

    @GyreTest
    void aHandshakeThatTakesTooLongClosesTheStream(TestLoop test) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            Task<TlsSession> waiting =
                    test.loop()
                            .spawn(
                                    "server",
                                    () -> pair.server().startTls(serverOptions).await(LIMIT));
            // An alert may come before the end.
            LoopFuture<byte[]> end = pair.client().readUntilClose();
            test.runUntilIdle();

            test.advance(LIMIT);

            assertThat(waiting.exceptionNow()).isInstanceOf(DeadlineExceededException.class);
            assertThat(pair.server().isOpen()).isFalse();
            assertThat(end.isDone()).isTrue();
        }
    }

    @GyreTest
    void theFailureOfAHandshakeIsThatOfAllThatWaits(TestLoop test) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            LoopFuture<TlsSession> session = pair.server().startTls(serverOptions);
            LoopFuture<String> line = pair.server().readLine();
            LoopFuture<Void> written = write(pair.server(), "220 ready\n");
            pair.client().write("EHLO\r\n");

            test.runUntilIdle();

            for (LoopFuture<?> failed : List.of(session, line, written)) {
                assertThat(failed.exceptionNow())
                        .isInstanceOf(StreamClosedException.class)
                        .hasCauseInstanceOf(SSLException.class);
            }
        }
    }

    @GyreTest
    void closingDuringTheHandshakeEndsItOnBothSides(TestLoop test) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            LoopFuture<TlsSession> session = pair.client().startTls(clientOptions, "localhost");
            LoopFuture<TlsSession> other = pair.server().startTls(serverOptions);
            pair.client().close();

            test.runUntilIdle();

            assertThat(session.exceptionNow()).isInstanceOf(StreamClosedException.class);
            assertThat(other.exceptionNow()).isInstanceOf(StreamClosedException.class);
        }
    }

    @GyreTest
    void anEndOfOutputDuringTheHandshakeWaitsForIt(TestLoop test) throws IOException {
        try (MeddledPair pair =
                MeddledPair.connect(test.loop(), StreamOptions.defaults().withHalfOpen())) {
            pair.client().startTls(clientOptions, "localhost");
            pair.client().shutdownOutput();
            pair.server().startTls(serverOptions);
            LoopFuture<byte[]> question = pair.server().readUntilClose();
            LoopFuture<String> answer = pair.client().readLine();
            test.runUntilIdle();
            pair.server().write("nothing was asked\n");
            test.runUntilIdle();

            assertThat(question.resultNow()).isEmpty();
            assertThat(answer.resultNow()).isEqualTo("nothing was asked");
        }
    }

    @GyreTest
    void withTls12TheEndOfThePeerEndsBothDirections(TestLoop test) throws IOException {
        try (MeddledPair pair =
                MeddledPair.connect(test.loop(), StreamOptions.defaults().withHalfOpen())) {
            startBoth(test, pair, clientOptions.withProtocols("TLSv1.2"));
            LoopFuture<byte[]> question = pair.server().readUntilClose();
            pair.client().write("question");
            pair.client().shutdownOutput();
            test.runUntilIdle();

            LoopFuture<Void> answer = write(pair.server(), "answer");
            test.runUntilIdle();

            assertThat(text(question)).isEqualTo("question");
            assertThat(answer.exceptionNow())
                    .hasMessageContaining(
                            "any more: with TLSv1.2 the peer's close_notify ends both directions");
        }
    }

    @GyreTest
    void aWriteIsDoneWhenItsRecordsAreSent(TestLoop test) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            startBoth(test, pair);
            pair.meddled().withoutRoom(true);
            String text = "x".repeat(300_000);
            LoopFuture<byte[]> read = pair.client().readBytes(text.length());
            LoopFuture<Void> written = write(pair.server(), text);

            test.runUntilIdle();
            assertThat(written.isDone()).isFalse();
            assertThat(pair.server().bytesQueued()).isEqualTo(text.length());

            pair.meddled().withoutRoom(false);
            test.runUntilIdle();
            assertThat(written.state()).isEqualTo(Future.State.SUCCESS);
            assertThat(text(read)).isEqualTo(text);
        }
    }

    @GyreTest
    void theEndIsSaidWhenThereIsRoomForIt(TestLoop test) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            startBoth(test, pair);
            LoopFuture<StreamClosedException> end = pair.client().closed();
            pair.meddled().withoutRoom(true);
            pair.server().shutdownOutput();
            test.runUntilIdle();
            assertThat(end.isDone()).isFalse();

            pair.meddled().withoutRoom(false);
            test.runUntilIdle();

            assertThat(end.resultNow().isOrderly()).isTrue();
        }
    }

    @GyreTest
    void closeAfterFlushSendsEverythingAndTheEnd(TestLoop test) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(test.loop())) {
            String text = "y".repeat(500_000);
            pair.server().startTls(serverOptions);
            pair.server().write(text);
            pair.server().closeAfterFlush();
            pair.client().startTls(clientOptions, "localhost");
            LoopFuture<byte[]> read = pair.client().readUntilClose();

            test.runUntilIdle();

            assertThat(text(read)).isEqualTo(text);
            assertThat(pair.client().closed().resultNow().isOrderly()).isTrue();
            assertThat(pair.server().isOpen()).isFalse();
        }
    }

    @GyreTest
    void whatDoesNotFitIsReadLater(TestLoop test) throws IOException {
        try (MeddledPair pair =
                MeddledPair.connect(
                        test.loop(), StreamOptions.defaults().withReadBufferBytesMax(1_000))) {
            startBoth(test, pair);
            String text = "0123456789".repeat(5_000);
            pair.client().write(text);
            StringBuilder read = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                LoopFuture<byte[]> part = pair.server().readBytes(1_000);
                test.runUntilIdle();
                read.append(text(part));
            }

            assertThat(read).hasToString(text);
        }
    }

    @GyreTest
    void idleConnectionsHoldNoBuffers(TestLoop test) throws IOException {
        List<MeddledPair> pairs = new ArrayList<>();
        try {
            pairs.add(MeddledPair.connect(test.loop()));
            startBoth(test, pairs.getFirst());
            long before = directBytes();
            for (int i = 0; i < 50; i++) {
                MeddledPair pair = MeddledPair.connect(test.loop());
                pairs.add(pair);
                startBoth(test, pair);
                pair.client().write("hello\n");
                LoopFuture<String> line = pair.server().readLine();
                test.runUntilIdle();
                assertThat(line.resultNow()).isEqualTo("hello");
            }

            // The buffers of the loop are there already; a connection adds none to them.
            assertThat(directBytes() - before).isLessThan(4 * 65_536);
        } finally {
            pairs.forEach(MeddledPair::close);
        }
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                .sum();
    }

    @GyreTest
    void aPortScanIsNoOrderlyEndAndHarmsNobody(TestLoop test, IOLoop loop) throws IOException {
        try (MeddledPair pair = MeddledPair.connect(loop)) {
            LoopFuture<TlsSession> session = pair.server().startTls(serverOptions);
            pair.client().close();

            test.runUntilIdle();

            assertThat(session.exceptionNow())
                    .hasMessageContaining("during the TLS handshake")
                    .hasCauseInstanceOf(SSLException.class);
        }
    }
}

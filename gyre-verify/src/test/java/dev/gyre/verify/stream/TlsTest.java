package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.TlsOptions;
import dev.gyre.stream.TlsSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS between two streams of one loop, over a TCP connection.
@Timeout(60)
final class TlsTest {

    private static PemFiles own;
    private static TlsOptions serverOptions;
    private static TlsOptions clientOptions;

    private IOLoop loop;
    private IOStream server;
    private IOStream client;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) {
        own = PemFiles.make(folder, "EC", "localhost");
        serverOptions = TlsOptions.server().withCertificate(own.certificate(), own.key());
        clientOptions = TlsOptions.client().withTrust(own.certificate());
    }

    @BeforeEach
    void connect() throws Exception {
        loop = new IOLoop();
        SocketPair pair = SocketPair.connect(loop);
        server = pair.server();
        client = pair.client();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private <T> T both(Callable<T> serving, Callable<?> asking) {
        return loop.runSync(() ->
                TaskScope.call(scope -> {
                    Task<T> served = scope.spawn("server", serving);
                    scope.spawn("client", asking);
                    return served.await();
                }));
    }

    private TlsSession startBoth(TlsOptions serving, TlsOptions asking, String host) {
        return both(
                () -> server.startTls(serving).await(),
                () -> client.startTls(asking, host).await());
    }

    private TlsSession startBoth() {
        return startBoth(serverOptions, clientOptions, "localhost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void bothProtocolsCarryLines(String protocol) {
        TlsSession session =
                startBoth(serverOptions, clientOptions.withProtocols(protocol), "localhost");

        String answer =
                both(
                        () -> {
                            server.write("you said: " + server.readLine().await() + "\n");
                            return client.readLine().await();
                        },
                        () -> client.write("hello\n").await());

        assertThat(session.protocol()).isEqualTo(protocol);
        assertThat(answer).isEqualTo("you said: hello");
        assertThat(client.tls().orElseThrow().peerCertificates()).hasSize(1);
    }

    @Test
    void aDialogueGoesOverToTlsInTheMiddle() {
        String second =
                both(
                        () -> {
                            String first = server.readLine().await();
                            server.write("go ahead\n");
                            server.startTls(serverOptions).await();
                            return first + ", " + server.readLine().await();
                        },
                        () -> {
                            client.write("STARTTLS\n");
                            client.readLine().await();
                            client.startTls(clientOptions, "localhost").await();
                            return client.write("secret\n").await();
                        });

        assertThat(second).isEqualTo("STARTTLS, secret");
    }

    @Test
    void bytesOfAllSizesArriveInOrder() {
        startBoth();
        byte[] sent = new byte[3_000_000];
        new Random(20261121).nextBytes(sent);

        byte[] received =
                both(
                        () -> {
                            ByteBuffer all = ByteBuffer.allocate(sent.length);
                            server.readInto(all).await();
                            return all.array();
                        },
                        () -> {
                            int size = 1;
                            for (int from = 0;
                                    from < sent.length;
                                    from += size, size = size * 3 + 1) {
                                int end = Math.min(sent.length, from + size);
                                client.write(Arrays.copyOfRange(sent, from, end));
                                client.drain().await();
                            }
                            return client.closeAfterFlush().await();
                        });

        assertThat(received).isEqualTo(sent);
    }

    @Test
    void whatIsWrittenBeforeTheHandshakeArrivesAfterIt() {
        String line =
                loop.runSync(() -> {
                    server.startTls(serverOptions);
                    server.write("first\n");
                    client.startTls(clientOptions, "localhost");
                    return client.readLine().await();
                });

        assertThat(line).isEqualTo("first");
    }

    @Test
    void anUntrustedCertificateFailsBothSidesWithTheReason() {
        client.startTls(TlsOptions.client(), "localhost").observe();
        server.startTls(serverOptions).observe();

        StreamClosedException atClient = loop.runSync(() -> client.closed().await());
        StreamClosedException atServer = loop.runSync(() -> server.closed().await());

        assertThat(atClient).hasCauseInstanceOf(SSLHandshakeException.class);
        assertThat(atClient.getMessage()).contains("PKIX");
        assertThat(atServer).hasCauseInstanceOf(SSLException.class);
    }

    @Test
    void aCertificateForAnotherHostIsRefusedUnlessTheCheckIsOff() {
        server.startTls(serverOptions).observe();
        client.startTls(clientOptions, "other.example").observe();

        StreamClosedException end = loop.runSync(() -> client.closed().await());

        assertThat(end).hasCauseInstanceOf(SSLHandshakeException.class);
        assertThat(end.getMessage()).contains("other.example");
    }

    @Test
    void aHostNameThatEndsInADotIsTheSameHost() {
        assertThat(startBoth(serverOptions, clientOptions, "localhost.").protocol())
                .isEqualTo("TLSv1.3");
    }

    @Test
    void withoutTheCheckOfNamesAnyTrustedCertificateWillDo() {
        TlsSession session =
                startBoth(serverOptions, clientOptions.withoutHostNameCheck(), "other.example");

        assertThat(session.protocol()).isEqualTo("TLSv1.3");
    }

    @Test
    void applicationProtocolsAreAgreedOn() {
        TlsSession session =
                startBoth(
                        serverOptions.withApplicationProtocols("h2", "http/1.1"),
                        clientOptions.withApplicationProtocols("http/1.1"),
                        "localhost");

        assertThat(session.applicationProtocol()).isEqualTo("http/1.1");
    }

    @Test
    void aServerThatNeedsACertificateGetsOne() {
        TlsSession session =
                startBoth(
                        serverOptions.withTrust(own.certificate()).withClientCertificatesNeeded(),
                        clientOptions.withCertificate(own.certificate(), own.key()),
                        "localhost");

        assertThat(session.peerCertificates()).hasSize(1);
    }

    @Test
    void aServerThatNeedsACertificateRefusesAClientWithout() {
        server.startTls(serverOptions.withTrust(own.certificate()).withClientCertificatesNeeded())
                .observe();
        client.startTls(clientOptions, "localhost").observe();

        StreamClosedException end = loop.runSync(() -> server.closed().await());

        assertThat(end).hasCauseInstanceOf(SSLException.class);
    }

    @Test
    void anOrderlyEndIsToldAsOne() {
        startBoth();
        client.write("bye\n");
        client.close();

        StreamClosedException end =
                loop.runSync(() -> {
                    assertThat(server.readLine().await()).isEqualTo("bye");
                    return server.closed().await();
                });

        assertThat(end.isOrderly()).isTrue();
    }

    @Test
    void plainTextToAServerFailsItsHandshake() {
        server.startTls(serverOptions).observe();
        client.write("GET / HTTP/1.0\r\n\r\n");

        StreamClosedException end = loop.runSync(() -> server.closed().await());

        assertThat(end).hasCauseInstanceOf(SSLException.class);
        assertThat(end.isOrderly()).isFalse();
    }

    @Test
    void plainTextSentAlongWithTheRequestForTlsIsNoCommand() {
        client.write("STARTTLS\nDELETE everything\n");

        StreamClosedException end =
                loop.runSync(() -> {
                    server.readLine().await();
                    server.startTls(serverOptions).observe();
                    return server.closed().await();
                });

        assertThat(end).hasCauseInstanceOf(SSLException.class);
    }

    @Test
    void aPeerThatVanishesDuringTheHandshakeIsNoOrderlyEnd() {
        server.startTls(serverOptions).observe();
        client.close();

        StreamClosedException end = loop.runSync(() -> server.closed().await());

        assertThat(end.getMessage()).contains("during the TLS handshake");
    }

    @Test
    void anOutstandingReadOrWriteKeepsTlsFromStarting() {
        server.readLine().observe();

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> server.startTls(serverOptions))
                .withMessageContaining("not ready for TLS");
    }

    @Test
    void optionsOfTheWrongSideAreRefused() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> server.startTls(clientOptions))
                .withMessageContaining("TlsOptions.server()");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> client.startTls(serverOptions, "localhost"))
                .withMessageContaining("TlsOptions.client()");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> server.startTls(TlsOptions.server()))
                .withMessageContaining("needs a certificate");
    }

    @Test
    void recordsThatComeByteByByteAreTheSame() throws Exception {
        try (ByteWisePair pair = ByteWisePair.between(loop)) {
            String line =
                    loop.runSync(() -> {
                        pair.server().startTls(serverOptions);
                        pair.client().startTls(clientOptions, "localhost");
                        pair.client().write("slowly\n");
                        return pair.server().readLine().await();
                    });

            assertThat(line).isEqualTo("slowly");
        }
    }

    @Test
    void theEndOfOneSideLeavesTheOtherOpenIfItIsHalfOpen() throws Exception {
        SocketPair pair = SocketPair.connect(loop, StreamOptions.defaults().withHalfOpen());
        IOStream halfServer = pair.server();
        IOStream halfClient = pair.client();

        String answer =
                loop.runSync(() -> {
                    halfServer.startTls(serverOptions);
                    halfClient.startTls(clientOptions, "localhost").await();
                    halfClient.write("question");
                    halfClient.shutdownOutput();
                    byte[] question = halfServer.readUntilClose().await();
                    halfServer.write("answer to " + text(question));
                    halfServer.shutdownOutput();
                    return text(halfClient.readUntilClose().await());
                });

        assertThat(answer).isEqualTo("answer to question");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Task;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.TlsOptions;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import dev.gyre.verify.stream.PemFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients of a server with TLS that never get as far as its handler: each is closed and counted,
/// and none is logged as an error.
@Timeout(30)
final class FailedHandshakesTest {

    private static PemFiles own;
    private static PemFiles stranger;
    private static PemFiles expired;

    /// The authority of the one that has run out.
    private static Path authority;

    private static TlsOptions serverOptions;

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) throws Exception {
        own = PemFiles.make(Files.createDirectory(folder.resolve("own")), "EC", "localhost");
        stranger =
                PemFiles.makeAnother(
                        Files.createDirectory(folder.resolve("other")), "EC", "localhost");
        authority = folder.resolve("authority.pem");
        Path past = Files.createDirectory(folder.resolve("past"));
        expired = PemFiles.makeExpired(past, authority, "localhost");
        serverOptions = TlsOptions.server().withCertificate(own.certificate(), own.key());
    }

    private static <T> T onLoop(TestLoop test, Callable<T> body) {
        Task<T> task = test.loop().spawn("test", body);
        test.runUntil(task::isDone);
        return task.resultNow();
    }

    private static TcpServer serve(TestLoop test, TlsOptions options) {
        TcpServer server =
                new TcpServer(
                                stream -> {
                                    throw new IllegalStateException("the handshake was to fail");
                                })
                        .withTls(options);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return onLoop(test, () -> server.listen(address));
    }

    private static IOStream connect(TestLoop test, TcpServer server) {
        return onLoop(test, () -> TcpClient.connect(server.addresses().getFirst()).await());
    }

    private static void checkFailed(TestLoop test, TcpServer server, ExpectLog log) {
        test.runUntil(() -> server.failedHandshakeCount() == 1 && server.connectionCount() == 0);
        test.runUntil(() -> test.loop().tasks().isEmpty());
        assertThat(log.problems()).isEmpty();
    }

    @GyreTest
    void whoSaysNothingIsClosedWhenTheTimeIsUp(TestLoop test, ExpectLog log) {
        try (TcpServer server = serve(test, serverOptions);
                IOStream client = connect(test, server)) {
            test.runUntil(() -> server.acceptedCount() == 1);
            test.runUntilIdle();

            test.advance(TcpServer.HANDSHAKE.minus(Duration.ofNanos(1)));
            assertThat(server.failedHandshakeCount()).isZero();
            assertThat(server.connectionCount()).isEqualTo(1);
            test.advance(Duration.ofNanos(1));

            checkFailed(test, server, log);
            test.runUntil(client.readUntilClose()::isDone);
        }
    }

    @GyreTest
    void whoSpeaksAnythingElseIsClosed(TestLoop test, ExpectLog log) {
        try (TcpServer server = serve(test, serverOptions);
                IOStream client = connect(test, server)) {
            client.write("GET / HTTP/1.0\r\n\r\n").observe();

            checkFailed(test, server, log);
        }
    }

    @GyreTest
    void whoShowsTheCertificateOfAStrangerIsClosed(TestLoop test, ExpectLog log) {
        checkRefused(test, log, stranger, own.certificate());
    }

    @GyreTest
    void whoShowsACertificateThatHasRunOutIsClosed(TestLoop test, ExpectLog log) {
        checkRefused(test, log, expired, authority);
    }

    /// The JDK by itself trusts a certificate that is among the authorities whatever its time.
    @GyreTest
    void whoShowsACertificateThatHasRunOutIsClosedAlsoIfItIsItselfTrusted(
            TestLoop test, ExpectLog log) {
        checkRefused(test, log, expired, expired.certificate());
    }

    private static void checkRefused(TestLoop test, ExpectLog log, PemFiles shown, Path trusted) {
        TlsOptions demanding = serverOptions.withTrust(trusted).withClientCertificatesNeeded();
        TlsOptions showing =
                TlsOptions.client()
                        .withTrust(own.certificate())
                        .withCertificate(shown.certificate(), shown.key());
        try (TcpServer server = serve(test, demanding);
                IOStream client = connect(test, server)) {
            client.startTls(showing, "localhost").observe();

            checkFailed(test, server, log);
        }
    }
}

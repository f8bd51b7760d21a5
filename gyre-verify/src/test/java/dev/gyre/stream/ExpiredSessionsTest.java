package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.TcpServer;
import dev.gyre.verify.stream.PemFiles;
import dev.gyre.verify.stream.ResumingClient;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A session ends with the certificate that it began with. In the package of the clock by which
/// that is told, for a certificate that is about to run out would have to be waited for.
@Timeout(60)
final class ExpiredSessionsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /// Longer than the certificates are good for.
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir private Path folder;

    @AutoClose private final IOLoop loop = new IOLoop();

    /// What the server takes for the present: at first a time when the certificates are good.
    private Instant now = Instant.now().plus(Duration.ofDays(1));

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientWhoseCertificateHasRunOutIsRefused(String protocol) throws Exception {
        PemFiles own = PemFiles.make(folder, "EC", "localhost");
        PemFiles one = PemFiles.make(folder, "EC", "one.test");
        TlsOptions options =
                TlsOptions.server()
                        .withClock(() -> now)
                        .withCertificate(own.certificate(), own.key())
                        .withTrust(one.certificate())
                        .withClientCertificatesNeeded();
        TcpServer server =
                new TcpServer(stream -> stream.write(stream.readUntil("\n").await()))
                        .withTls(options);
        SocketAddress address = listening(server);
        ResumingClient client = new ResumingClient(one, protocol);
        assertThat(ask(client, address)).isEqualTo("hello\n");
        assertThat(ask(client, address)).isEqualTo("hello\n");
        assertThat(client.fullHandshakes()).isEqualTo(1);

        now = now.plus(YEAR);

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> ask(client, address));
        assertThat(client.fullHandshakes()).isEqualTo(2);
        assertThat(server.failedHandshakeCount()).isEqualTo(1);
    }

    private SocketAddress listening(TcpServer server) {
        return loop.runSync(() -> {
            server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return server.addresses().getFirst();
        });
    }

    private String ask(ResumingClient client, SocketAddress address) {
        return loop.runSync(() -> loop.runInExecutor(() -> client.ask(address)).await(LIMIT));
    }
}

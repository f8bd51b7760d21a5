package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.TlsOptions;
import dev.gyre.stream.TlsSession;
import dev.gyre.verify.stream.PemFiles;
import dev.gyre.verify.stream.ResumingClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A session that is resumed is no way around the check of certificates.
@Timeout(60)
final class ResumedSessionsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static PemFiles own;
    private static PemFiles one;
    private static PemFiles other;

    @TempDir private Path folder;

    private final IOLoop loop = new IOLoop();

    /// Whom the server trusts.
    private Path trusted;

    private TcpServer server;
    private SocketAddress address;

    /// The names of the clients that were let in.
    private final List<String> served = new ArrayList<>();

    @BeforeAll
    static void makeCertificates(@TempDir Path folder) {
        own = PemFiles.make(folder, "EC", "localhost");
        one = PemFiles.make(folder, "EC", "one.test");
        other = PemFiles.make(folder, "EC", "other.test");
    }

    @BeforeEach
    void listen() throws IOException {
        trusted = folder.resolve("trusted.pem");
        trust(one);
        server = new TcpServer(this::echo).withTls(options());
        address = listening(server);
    }

    private SocketAddress listening(TcpServer some) {
        return loop.runSync(() -> {
            some.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return some.addresses().getFirst();
        });
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private TlsOptions options() {
        return TlsOptions.server()
                .withCertificate(own.certificate(), own.key())
                .withTrust(trusted)
                .withClientCertificatesNeeded();
    }

    private void trust(PemFiles... authorities) throws IOException {
        StringBuilder all = new StringBuilder();
        for (PemFiles each : authorities) {
            all.append(Files.readString(each.certificate()));
        }
        Files.writeString(trusted, all);
    }

    private void echo(IOStream stream) {
        served.add(
                stream.tls()
                        .orElseThrow()
                        .peerCertificates()
                        .getFirst()
                        .getSubjectX500Principal()
                        .getName());
        stream.write(stream.readUntil("\n").await());
    }

    private String ask(ResumingClient client) {
        return ask(client, address);
    }

    private String ask(ResumingClient client, SocketAddress place) {
        return loop.runSync(() -> loop.runInExecutor(() -> client.ask(place)).await(LIMIT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientThatIsTrustedResumesItsSession(String protocol) throws Exception {
        ResumingClient client = new ResumingClient(one, protocol);

        assertThat(ask(client)).isEqualTo("hello\n");
        assertThat(ask(client)).isEqualTo("hello\n");

        assertThat(client.fullHandshakes()).isEqualTo(1);
        assertThat(served).containsExactly("CN=one.test", "CN=one.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientWhoseAuthorityWasRemovedIsRefused(String protocol) throws Exception {
        ResumingClient client = new ResumingClient(one, protocol);
        ask(client);

        trust(other);

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> ask(client));
        }
        assertThat(served).hasSize(1);
        assertThat(server.failedHandshakeCount()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientThatIsStillTrustedShakesHandsAnewAfterAChange(String protocol) throws Exception {
        ResumingClient client = new ResumingClient(one, protocol);
        ask(client);

        trust(one, other);

        assertThat(ask(client)).isEqualTo("hello\n");
        assertThat(client.fullHandshakes()).isEqualTo(2);
        assertThat(server.failedHandshakeCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void sessionsFromAfterAChangeAreResumed(String protocol) throws Exception {
        ResumingClient client = new ResumingClient(one, protocol);
        ask(client);
        trust(one, other);
        // This one finds the change; the next begins the first session of the new state.
        ask(client);
        ask(client);
        int before = client.fullHandshakes();

        ask(client);
        ask(client);

        assertThat(client.fullHandshakes()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aChangeThatIsNoGoodLeavesSessionsResumable(String protocol) throws Exception {
        ResumingClient client = new ResumingClient(one, protocol);
        ask(client);

        Files.writeString(trusted, "nonsense\n");

        assertThat(ask(client)).isEqualTo("hello\n");
        assertThat(client.fullHandshakes()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void whoAsksForNoCertificateSeesNoneFromASessionOfOthers(String protocol) throws Exception {
        TlsOptions silent =
                TlsOptions.server()
                        .withCertificate(own.certificate(), own.key())
                        .withTrust(trusted);
        Deque<TlsOptions> turn =
                new ArrayDeque<>(List.of(silent.withClientCertificatesNeeded(), silent));
        List<Integer> shown = new ArrayList<>();
        ResumingClient client = new ResumingClient(one, protocol);
        try (TcpServer both =
                new TcpServer(stream -> {
                    TlsSession session = stream.startTls(turn.remove()).await();
                    shown.add(session.peerCertificates().size());
                    stream.write(stream.readUntil("\n").await());
                })) {
            SocketAddress place = listening(both);
            ask(client, place);
            ask(client, place);
        }

        assertThat(shown).containsExactly(1, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientOfOursChecksTheServerEachTime(String protocol) throws Exception {
        Path authorities = Files.copy(own.certificate(), folder.resolve("authorities.pem"));
        TlsOptions tls =
                TlsOptions.client()
                        .withProtocols(protocol)
                        .withTrust(authorities)
                        .withCertificate(one.certificate(), one.key());
        assertThat(askAs(tls, "localhost")).isEqualTo("hello");

        assertThatExceptionOfType(StreamClosedException.class)
                .isThrownBy(() -> askAs(tls, "elsewhere.test"))
                .withMessageContaining("elsewhere.test");
        Files.copy(other.certificate(), authorities, StandardCopyOption.REPLACE_EXISTING);
        assertThatExceptionOfType(StreamClosedException.class)
                .isThrownBy(() -> askAs(tls, "localhost"))
                .withMessageContaining("PKIX");
    }

    private String askAs(TlsOptions tls, String host) {
        ConnectOptions options = ConnectOptions.defaults().withTls(tls).withServerName(host);
        return loop.runSync(() -> {
            try (IOStream stream = TcpClient.connect(address, options).await(LIMIT)) {
                stream.write("hello\n");
                return stream.readLine().await();
            }
        });
    }
}

package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.TaskScope;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.TlsOptions;
import dev.gyre.verify.stream.PemFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The certificate of a server is replaced while clients come and go: none of them notices.
@Timeout(60)
final class CertificateSwapTest {

    private static final int SWAPS = 20;
    private static final int CLIENTS = 4;

    /// How many connections each client makes between two swaps.
    private static final int CONNECTIONS = 5;

    @TempDir private Path folder;

    private Path certificate;
    private Path key;

    /// The next files to be put in place, again and again.
    private final Deque<PemFiles> turn = new ArrayDeque<>();

    /// The serial numbers that clients have seen.
    private final Set<BigInteger> seen = new HashSet<>();

    @Test
    void notOneConnectionFails() throws IOException {
        certificate = folder.resolve("server.pem");
        key = folder.resolve("server.key");
        Path authorities = folder.resolve("authorities.pem");
        Files.createFile(authorities);
        for (String name : List.of("a", "b")) {
            PemFiles files =
                    PemFiles.makeAnother(
                            Files.createDirectory(folder.resolve(name)), "EC", "a.test");
            Files.write(
                    authorities,
                    Files.readAllBytes(files.certificate()),
                    java.nio.file.StandardOpenOption.APPEND);
            turn.add(files);
        }
        swap();
        TlsOptions serving = TlsOptions.server().withCertificate(certificate, key);
        ConnectOptions asking =
                ConnectOptions.defaults()
                        .withTls(TlsOptions.client().withTrust(authorities))
                        .withServerName("a.test");
        try (IOLoop loop = new IOLoop()) {
            loop.runSync(() -> comeAndGo(loop, serving, asking));
        }

        assertThat(seen).hasSize(2);
    }

    private boolean comeAndGo(IOLoop loop, TlsOptions serving, ConnectOptions asking) {
        try (TcpServer server = new TcpServer(CertificateSwapTest::echo).withTls(serving)) {
            server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketAddress address = server.addresses().getFirst();
            for (int i = 0; i < SWAPS; i++) {
                TaskScope.call(scope -> {
                    for (int client = 0; client < CLIENTS; client++) {
                        scope.spawn("client", () -> connectSome(address, asking));
                    }
                    return loop.runInExecutor(this::swap).await();
                });
            }
            assertThat(server.failedHandshakeCount()).isZero();
            assertThat(server.acceptedCount()).isEqualTo((long) SWAPS * CLIENTS * CONNECTIONS);
        }
        return true;
    }

    private static void echo(IOStream stream) {
        stream.write(stream.readUntil("\n").await());
    }

    private boolean connectSome(SocketAddress address, ConnectOptions asking) {
        for (int i = 0; i < CONNECTIONS; i++) {
            try (IOStream stream = TcpClient.connect(address, asking).await()) {
                stream.write("hello\n");
                assertThat(stream.readLine().await()).isEqualTo("hello");
                seen.add(
                        stream.tls().orElseThrow().peerCertificates().getFirst().getSerialNumber());
            }
        }
        return true;
    }

    /// Puts the other certificate in place, and then its key: in between they do not fit.
    private boolean swap() throws IOException {
        PemFiles next = turn.remove();
        turn.add(next);
        replace(next.certificate(), certificate);
        replace(next.key(), key);
        return true;
    }

    private void replace(Path source, Path target) throws IOException {
        Path copy = Files.copy(source, folder.resolve("copy"));
        Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
    }
}

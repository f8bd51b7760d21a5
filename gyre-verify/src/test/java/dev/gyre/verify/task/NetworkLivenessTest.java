package dev.gyre.verify.task;

import static dev.gyre.verify.task.Liveness.loopLives;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Callback;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// What [LivenessTest] says of single calls, for the clients of the JDK that are made of many: TLS,
/// HTTP. The other side is a platform thread that waits before it answers.
@Tag("carrier")
class NetworkLivenessTest {

    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final CountDownLatch latch = new CountDownLatch(1);

    /// Runs the other side on a platform thread, and shows its failure, if it has one.
    private static void against(Callback otherSide, Callback test) throws Exception {
        FutureTask<Void> served = new FutureTask<>(Play.body(otherSide));
        Thread.ofPlatform().daemon().start(served);
        test.run();
        served.get();
    }

    @GyreTest
    void tlsHandshake(TestLoop test, @TempDir Path folder) throws Exception {
        SSLContext context = OwnCertificate.context(folder);
        try (SSLServerSocket server = listen(context);
                SSLSocket client = connect(context, server)) {
            against(
                    () -> {
                        try (SSLSocket accepted = (SSLSocket) server.accept()) {
                            latch.await();
                            accepted.startHandshake();
                        }
                    },
                    () -> loopLives(test, client::startHandshake, latch::countDown));

            assertThat(client.getSession().isValid()).isTrue();
        }
    }

    @GyreTest
    void tlsRead(TestLoop test, @TempDir Path folder) throws Exception {
        SSLContext context = OwnCertificate.context(folder);
        try (SSLServerSocket server = listen(context);
                SSLSocket client = connect(context, server)) {
            against(
                    () -> {
                        try (SSLSocket accepted = (SSLSocket) server.accept()) {
                            accepted.startHandshake();
                            latch.await();
                            accepted.getOutputStream().write(7);
                        }
                    },
                    () -> {
                        client.startHandshake();
                        InputStream in = client.getInputStream();
                        loopLives(test, () -> assertThat(in.read()).isEqualTo(7), latch::countDown);
                    });
        }
    }

    private static SSLServerSocket listen(SSLContext context) throws Exception {
        return (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, LOOPBACK);
    }

    private static SSLSocket connect(SSLContext context, SSLServerSocket server) throws Exception {
        return (SSLSocket) context.getSocketFactory().createSocket(LOOPBACK, server.getLocalPort());
    }

    @GyreTest
    void httpClientSend(TestLoop test) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
                HttpClient client = HttpClient.newHttpClient()) {
            against(
                    () -> answerOne(server),
                    () -> loopLives(test, () -> fetch(client, address(server)), latch::countDown));
        }
    }

    @GyreTest
    void anHttpClientThatIsMadeInTheCoroutine(TestLoop test) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            against(
                    () -> answerOne(server),
                    () ->
                            loopLives(
                                    test,
                                    () -> {
                                        try (HttpClient client = HttpClient.newHttpClient()) {
                                            fetch(client, address(server));
                                        }
                                    },
                                    latch::countDown));
        }
    }

    private static void fetch(HttpClient client, URI address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address).build();
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello");
    }

    @GyreTest
    void httpUrlConnection(TestLoop test) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            var connection = (HttpURLConnection) address(server).toURL().openConnection();
            against(
                    () -> answerOne(server),
                    () ->
                            loopLives(
                                    test,
                                    () ->
                                            assertThat(connection.getInputStream().readAllBytes())
                                                    .asString(StandardCharsets.US_ASCII)
                                                    .isEqualTo("hello"),
                                    latch::countDown));
        }
    }

    private static URI address(ServerSocket server) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
    }

    private void answerOne(ServerSocket server) throws Exception {
        try (Socket accepted = server.accept()) {
            InputStreamReader bytes =
                    new InputStreamReader(accepted.getInputStream(), StandardCharsets.US_ASCII);
            BufferedReader request = new BufferedReader(bytes);
            while (!request.readLine().isEmpty()) {
                // The head of the request, up to its empty line.
            }
            latch.await();
            accepted.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @GyreTest
    void aBlockingSocketChannel(TestLoop test) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(null);
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept()) {
            readsOne(test, client, accepted);
        }
    }

    @GyreTest
    void aBlockingSocketChannelOfAUnixSocket(TestLoop test, @TempDir Path folder) throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (ServerSocketChannel server =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
                SocketChannel client = SocketChannel.open(address);
                SocketChannel accepted = server.accept()) {
            readsOne(test, client, accepted);
        }
    }

    private static void readsOne(TestLoop test, SocketChannel reader, SocketChannel writer) {
        loopLives(
                test,
                () -> assertThat(reader.read(ByteBuffer.allocate(1))).isEqualTo(1),
                () -> writer.write(ByteBuffer.wrap(new byte[] {7})));
    }
}

package dev.gyre.verify.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.TlsOptions;
import dev.gyre.verify.stream.PemFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Python's `ssl` on the other side, with the ends that it can make.
@Timeout(60)
final class PythonSslTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String CLIENT =
            """
            import socket, ssl, sys
            context = ssl.create_default_context(cafile=sys.argv[2])
            plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
            """;

    private static final String SERVER =
            """
            import socket, ssl, sys
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(sys.argv[1], sys.argv[2])
            listener = socket.create_server(("127.0.0.1", 0))
            print("PORT", listener.getsockname()[1], flush=True)
            plain, _ = listener.accept()
            """;

    private static PemFiles own;

    @TempDir private Path folder;

    @AutoClose private final IOLoop loop = new IOLoop();

    /// What our server got whole, and why it did not.
    private final List<byte[]> received = new ArrayList<>();

    private final List<StreamClosedException> failures = new ArrayList<>();

    @BeforeAll
    static void prepare(@TempDir Path folder) {
        Program.assumeInstalled("python3");
        own = PemFiles.make(folder, "EC", "localhost");
    }

    private <T> T offLoop(Callable<T> blocking) {
        return loop.runSync(() -> loop.runInExecutor(blocking).await(LIMIT));
    }

    private static TlsOptions serverOptions() {
        return TlsOptions.server().withCertificate(own.certificate(), own.key());
    }

    private List<String> python(String script, String... arguments) throws Exception {
        Path file = Files.writeString(folder.resolve("peer.py"), script);
        List<String> command = new ArrayList<>(List.of("python3", file.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private int serve(TcpServer server) {
        return loop.runSync(() -> {
            server.listen("127.0.0.1", 0);
            return server.port();
        });
    }

    /// Runs a client against a server that reads to the end.
    private String runClient(String script) throws Exception {
        LoopFuture<Boolean> done = new LoopFuture<>(loop);
        StreamOptions halfOpen = StreamOptions.defaults().withHalfOpen();
        int port =
                serve(
                        new TcpServer(stream -> readAll(stream, done))
                                .withTls(serverOptions())
                                .withStreamOptions(halfOpen));
        List<String> command =
                python(CLIENT + script, String.valueOf(port), own.certificate().toString());
        String output =
                offLoop(() -> {
                    try (ProgramDialogue client = ProgramDialogue.start(command)) {
                        return client.output();
                    }
                });
        loop.runSync(() -> done.await(LIMIT));
        return output;
    }

    private void readAll(IOStream stream, LoopFuture<Boolean> done) {
        try {
            received.add(stream.readUntilClose().await());
        } catch (StreamClosedException e) {
            failures.add(e);
        }
        done.complete(true);
    }

    @Test
    void anOrderlyEndOfAClientIsOne() throws Exception {
        String output =
                runClient(
                        """
                        tls = context.wrap_socket(plain, server_hostname="localhost")
                        print(tls.version())
                        tls.sendall(b"x" * 100000)
                        try:
                            tls.unwrap()
                        except (ssl.SSLError, OSError):
                            pass
                        """);

        assertThat(output).contains("TLSv1.3");
        assertThat(failures).isEmpty();
        assertThat(received).singleElement().extracting(all -> all.length).isEqualTo(100_000);
    }

    @Test
    void aClientThatLeavesWithoutCloseNotifyHasCutItsOutputShort() throws Exception {
        // With TLS 1.3 it would leave the tickets unread, for which its kernel sends a reset.
        runClient(
                """
                context.maximum_version = ssl.TLSVersion.TLSv1_2
                tls = context.wrap_socket(plain, server_hostname="localhost")
                tls.sendall(b"x" * 100000)
                socket.socket(fileno=tls.detach()).close()
                """);

        assertThat(received).isEmpty();
        assertThat(failures)
                .singleElement()
                .satisfies(e -> assertThat(e).hasCauseInstanceOf(SSLException.class))
                .satisfies(e -> assertThat(e.isOrderly()).isFalse());
    }

    @Test
    void aClientGoesOverToTlsInTheMiddle() throws Exception {
        int port =
                serve(
                        new TcpServer(stream -> {
                            stream.write("220 hello\r\n");
                            assertThat(stream.readLine().await()).isEqualTo("STARTTLS");
                            stream.write("220 go ahead\r\n");
                            stream.flush();
                            stream.startTls(serverOptions()).await();
                            stream.write("250 " + stream.readLine().await() + "\r\n");
                        }));
        List<String> command =
                python(
                        CLIENT
                                + """
                                lines = plain.makefile("rb", buffering=0)
                                print(lines.readline())
                                plain.sendall(b"STARTTLS\\r\\n")
                                print(lines.readline())
                                tls = context.wrap_socket(plain, server_hostname="localhost")
                                tls.sendall(b"secret\\r\\n")
                                print(tls.makefile("rb").read())
                                """,
                        String.valueOf(port),
                        own.certificate().toString());

        String output =
                offLoop(() -> {
                    try (ProgramDialogue client = ProgramDialogue.start(command)) {
                        return client.output();
                    }
                });

        assertThat(output).contains("220 hello", "220 go ahead", "b'250 secret\\r\\n'");
    }

    /// Connects to a server in Python, and reads until it ends.
    private String readFromServer(String script) throws Exception {
        List<String> command =
                python(SERVER + script, own.certificate().toString(), own.key().toString());
        try (ProgramDialogue server = ProgramDialogue.start(command)) {
            String line = offLoop(() -> server.outputUpTo("PORT")).strip();
            int port = Integer.parseInt(line.substring(line.indexOf(' ') + 1));
            ConnectOptions options =
                    ConnectOptions.defaults()
                            .withTls(TlsOptions.client().withTrust(own.certificate()))
                            .withServerName("localhost");
            return loop.runSync(() -> {
                try (IOStream stream = TcpClient.connect("127.0.0.1", port, options).await(LIMIT)) {
                    byte[] all = stream.readUntilClose().await(LIMIT);
                    return new String(all, StandardCharsets.US_ASCII);
                } catch (StreamClosedException e) {
                    return e.getMessage();
                }
            });
        }
    }

    @Test
    void anOrderlyEndOfAServerIsOne() throws Exception {
        String text =
                readFromServer(
                        """
                        tls = context.wrap_socket(plain, server_side=True)
                        tls.sendall(b"y" * 100000)
                        try:
                            tls.unwrap()
                        except (ssl.SSLError, OSError):
                            pass
                        """);

        assertThat(text).hasSize(100_000);
    }

    @Test
    void aServerThatLeavesWithoutCloseNotifyHasCutItsOutputShort() throws Exception {
        String text =
                readFromServer(
                        """
                        tls = context.wrap_socket(plain, server_side=True)
                        tls.sendall(b"y" * 1000)
                        socket.socket(fileno=tls.detach()).close()
                        """);

        assertThat(text).contains("without a TLS close_notify");
    }

    @Test
    void aServerThatLeavesDuringTheHandshakeFailsIt() throws Exception {
        String text = readFromServer("plain.close()\n");

        assertThat(text).contains("failed");
    }
}

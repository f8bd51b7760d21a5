package dev.gyre.verify.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.TlsOptions;
import dev.gyre.verify.stream.PemFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers of ours, and clients that nobody here wrote.
@Timeout(60)
final class OtherProgramsTest {

    @TempDir private Path folder;

    /// Closes its servers too, of which a test that is skipped has none.
    @AutoClose private final IOLoop loop = new IOLoop();

    private String listen(TcpServer server) {
        server.withLoop(loop).listen(new InetSocketAddress(loopback(), 0));
        return Integer.toString(server.port());
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    private String run(String input, String... command) {
        return loop.runSync(() -> loop.adopt(Program.run(input, List.of(command))).await());
    }

    /// Answers when the whole question is there: at the end of the client's output.
    private static void answerAtTheEnd(IOStream stream) {
        byte[] question = stream.readUntilClose().await();
        stream.write("you said: " + new String(question, StandardCharsets.UTF_8));
    }

    private static TcpServer halfOpen() {
        return new TcpServer(OtherProgramsTest::answerAtTheEnd)
                .withStreamOptions(StreamOptions.defaults().withHalfOpen());
    }

    @Test
    void netcatHearsTheAnswerAfterItsOwnEnd() {
        Program.assumeInstalled("nc");
        String port = listen(halfOpen());

        assertThat(run("hello", "nc", "-N", "127.0.0.1", port)).isEqualTo("you said: hello");
    }

    @Test
    void socatHearsTheAnswerAfterItsOwnEnd() {
        Program.assumeInstalled("socat");
        String port = listen(halfOpen());

        assertThat(run("hello", "socat", "-t", "30", "-", "TCP:127.0.0.1:" + port))
                .isEqualTo("you said: hello");
    }

    private static void echoLine(IOStream stream) {
        stream.write(stream.readUntil("\n").await());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void opensslSpeaksBothProtocols(String protocol) {
        Program.assumeInstalled("openssl");
        PemFiles own = PemFiles.make(folder, "EC", "localhost");
        String port =
                listen(
                        new TcpServer(OtherProgramsTest::echoLine)
                                .withTls(
                                        TlsOptions.server()
                                                .withCertificate(own.certificate(), own.key())
                                                .withApplicationProtocols("gyre")));

        String output =
                run(
                        "hello\n",
                        "openssl",
                        "s_client",
                        "-connect",
                        "localhost:" + port,
                        protocol,
                        "-servername",
                        "localhost",
                        "-alpn",
                        "other,gyre",
                        "-CAfile",
                        own.certificate().toString(),
                        "-verify_return_error",
                        "-ign_eof");

        assertThat(output).contains("Verify return code: 0 (ok)", "ALPN protocol: gyre", "hello\n");
    }

    @Test
    void opensslIsAskedForItsCertificate() {
        Program.assumeInstalled("openssl");
        PemFiles own = PemFiles.make(folder, "EC", "localhost");
        List<String> names = new ArrayList<>();
        String port =
                listen(
                        new TcpServer(
                                        stream -> {
                                            names.add(
                                                    stream.tls()
                                                            .orElseThrow()
                                                            .peerCertificates()
                                                            .getFirst()
                                                            .getSubjectX500Principal()
                                                            .getName());
                                            echoLine(stream);
                                        })
                                .withTls(
                                        TlsOptions.server()
                                                .withCertificate(own.certificate(), own.key())
                                                .withTrust(own.certificate())
                                                .withClientCertificatesNeeded()));

        String output =
                run(
                        "hello\n",
                        "openssl",
                        "s_client",
                        "-connect",
                        "localhost:" + port,
                        "-cert",
                        own.certificate().toString(),
                        "-key",
                        own.key().toString(),
                        "-ign_eof");

        assertThat(output).contains("hello\n");
        assertThat(names).containsExactly("CN=localhost");
    }

    @Test
    void pythonVerifiesTheCertificateAndTheEnd() {
        Program.assumeInstalled("python3");
        PemFiles own = PemFiles.make(folder, "EC", "localhost");
        String port =
                listen(
                        new TcpServer(OtherProgramsTest::echoLine)
                                .withTls(
                                        TlsOptions.server()
                                                .withCertificate(own.certificate(), own.key())));

        String output = run(PYTHON, "python3", "-", port, own.certificate().toString());

        assertThat(output).isEqualTo("b'hello\\n' b''\n");
    }

    /// Fails if the end is not told by TLS, as `suppress_ragged_eofs` is off.
    private static final String PYTHON =
            """
            import socket, ssl, sys
            context = ssl.create_default_context(cafile=sys.argv[2])
            plain = socket.create_connection(("localhost", int(sys.argv[1])))
            with context.wrap_socket(plain, server_hostname="localhost",
                                     suppress_ragged_eofs=False) as stream:
                stream.sendall(b"hello\\n")
                print(stream.recv(100), stream.recv(100))
            """;
}

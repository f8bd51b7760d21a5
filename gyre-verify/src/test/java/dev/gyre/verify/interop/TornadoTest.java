package dev.gyre.verify.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.TlsOptions;
import dev.gyre.verify.stream.PemFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tornado's own streams on the other side, plain and with TLS.
@Timeout(60)
final class TornadoTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int ANSWER = 1_000_011;

    /// Talks in lines, by length and to the end, as our side does.
    private static final String CLIENT =
            """
            import asyncio, ssl, sys
            from tornado.tcpclient import TCPClient

            async def main(port, certificate):
                context = None
                if certificate:
                    context = ssl.create_default_context(cafile=certificate)
                stream = await TCPClient().connect("localhost", port, ssl_options=context)
                await stream.write(b"hello\\n" + b"x" * 1000000 + b"rest")
                stream.write(b"\\n")
                print(await stream.read_until(b"\\n"))
                print(len(await stream.read_bytes(1000000)))
                print(await stream.read_until_close())

            asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
            """;

    private static final String SERVER =
            """
            import asyncio, ssl, sys
            from tornado.tcpserver import TCPServer
            from tornado.iostream import StreamClosedError
            from tornado.netutil import bind_sockets

            class Echo(TCPServer):
                async def handle_stream(self, stream, address):
                    line = await stream.read_until(b"\\n")
                    block = await stream.read_bytes(1000000)
                    rest = await stream.read_until(b"\\n")
                    await stream.write(line + block)
                    await stream.write(rest)
                    stream.close()

            async def main(certificate, key):
                context = None
                if certificate:
                    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                    context.load_cert_chain(certificate, key)
                server = Echo(ssl_options=context)
                sockets = bind_sockets(0, "127.0.0.1")
                server.add_sockets(sockets)
                print("PORT", sockets[0].getsockname()[1], flush=True)
                await asyncio.Event().wait()

            asyncio.run(main(sys.argv[1], sys.argv[2]))
            """;

    private static String python;
    private static PemFiles own;

    @AutoClose private final IOLoop loop = new IOLoop();

    @BeforeAll
    static void prepare(@TempDir Path folder) {
        // The system's Python has the package of the system, and need not be the first on the path.
        python =
                Program.onPath("python3")
                        .map(Path::toString)
                        .filter(TornadoTest::hasTornado)
                        .findFirst()
                        .orElse("");
        assumeTrue(!python.isEmpty(), "python3 with tornado is not installed");
        own = PemFiles.make(folder, "EC", "localhost");
    }

    private static boolean hasTornado(String program) {
        try {
            return new ProcessBuilder(program, "-c", "import tornado")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (java.io.IOException | InterruptedException e) {
            return false;
        }
    }

    private <T> T offLoop(Callable<T> blocking) {
        return loop.runSync(() -> loop.runInExecutor(blocking).await(LIMIT));
    }

    private static ProgramDialogue script(Path folder, String text, String... arguments)
            throws Exception {
        Path file = Files.writeString(folder.resolve("peer.py"), text);
        List<String> command = new ArrayList<>(List.of(python, file.toString()));
        command.addAll(List.of(arguments));
        return ProgramDialogue.start(command);
    }

    private static void echo(IOStream stream) {
        byte[] line = stream.readUntil("\n").await();
        byte[] block = stream.readBytes(1_000_000).await();
        byte[] rest = stream.readUntil("\n").await();
        stream.write(line);
        stream.write(block);
        stream.write(rest);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTornadoClientTalksToOurServer(boolean tls, @TempDir Path folder) throws Exception {
        TcpServer server = new TcpServer(TornadoTest::echo);
        if (tls) {
            server.withTls(TlsOptions.server().withCertificate(own.certificate(), own.key()));
        }
        int port =
                loop.runSync(() -> {
                    server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    return server.port();
                });

        String output =
                offLoop(() -> {
                    String certificate = tls ? own.certificate().toString() : "";
                    try (ProgramDialogue client =
                            script(folder, CLIENT, Integer.toString(port), certificate)) {
                        return client.output();
                    }
                });
        loop.runSync(() -> {
            server.close();
            return true;
        });

        assertThat(output).isEqualTo("b'hello\\n'\n1000000\nb'rest\\n'\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ourClientTalksToATornadoServer(boolean tls, @TempDir Path folder) throws Exception {
        String[] files = {tls ? own.certificate().toString() : "", own.key().toString()};
        try (ProgramDialogue server = script(folder, SERVER, files)) {
            String line = offLoop(() -> server.outputUpTo("PORT")).strip();
            int port = Integer.parseInt(line.substring(line.indexOf(' ') + 1));

            byte[] answer = loop.runSync(() -> ask(port, tls));

            assertThat(new String(answer, 0, 6, StandardCharsets.US_ASCII)).isEqualTo("hello\n");
            assertThat(new String(answer, 1_000_006, 5, StandardCharsets.US_ASCII))
                    .isEqualTo("rest\n");
        }
    }

    private static byte[] ask(int port, boolean tls) {
        ConnectOptions options = ConnectOptions.defaults().withServerName("localhost");
        if (tls) {
            options = options.withTls(TlsOptions.client().withTrust(own.certificate()));
        }
        try (IOStream stream = TcpClient.connect("127.0.0.1", port, options).await(LIMIT)) {
            stream.write("hello\n");
            stream.write(new byte[1_000_000]);
            stream.write("rest\n");
            // The answer is not read to the end of the stream: Tornado sends no close_notify.
            return stream.readBytes(ANSWER).await(LIMIT);
        }
    }
}

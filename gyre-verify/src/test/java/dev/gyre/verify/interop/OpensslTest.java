package dev.gyre.verify.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.TlsOptions;
import dev.gyre.stream.TlsSession;
import dev.gyre.verify.stream.PemFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `openssl s_client` against a server of ours, and `openssl s_server` for a client.
@Timeout(60)
final class OpensslTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Pattern PORT = Pattern.compile("ACCEPT .*:(\\d+)");

    private static PemFiles own;
    private static PemFiles other;

    @AutoClose private final IOLoop loop = new IOLoop();

    /// Why the connections of the server ended.
    private final List<Throwable> failures = new ArrayList<>();

    @BeforeAll
    static void prepare(@TempDir Path folder) {
        Program.assumeInstalled("openssl");
        own = PemFiles.make(folder, "EC", "localhost");
        other = PemFiles.make(folder, "RSA", "www.b.example");
    }

    private <T> T offLoop(Callable<T> blocking) {
        return loop.runSync(() -> loop.runInExecutor(blocking).await(LIMIT));
    }

    private static TlsOptions serverOptions() {
        return TlsOptions.server().withCertificate(own.certificate(), own.key());
    }

    /// Serves lines, each told with what TLS has agreed on, and returns the port.
    private int serve(TlsOptions options) {
        TcpServer server = new TcpServer(this::echo).withTls(options);
        return loop.runSync(() -> {
            server.listen("127.0.0.1", 0);
            return ((InetSocketAddress) server.addresses().iterator().next()).getPort();
        });
    }

    private void echo(IOStream stream) {
        TlsSession session = stream.tls().orElseThrow();
        String about =
                "%s alpn=%s peers=%d"
                        .formatted(
                                session.protocol(),
                                session.applicationProtocol(),
                                session.peerCertificates().size());
        try {
            while (true) {
                stream.write(about + " you said " + stream.readLine().await() + "\n");
                stream.drain().await();
            }
        } catch (StreamClosedException e) {
            failures.add(e);
        }
    }

    private String ask(int port, String input, String mark, String... arguments) {
        return ask(port, Map.of(input, mark), arguments);
    }

    /// Lets `s_client` say things to the server, each once it has told what it heard before.
    ///
    /// @param inputs each with what the output has when it is time for the next
    private String ask(int port, Map<String, String> inputs, String... arguments) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port));
        command.addAll(List.of("-CAfile", own.certificate().toString()));
        command.addAll(List.of(arguments));
        return offLoop(() -> {
            try (ProgramDialogue client = ProgramDialogue.start(command)) {
                // What it says before is about the session; what it is told before may be lost.
                StringBuilder output = new StringBuilder();
                output.append(client.outputUpTo("SSL handshake has read"));
                for (Map.Entry<String, String> input : inputs.entrySet()) {
                    client.say(input.getKey());
                    output.append(client.outputUpTo(input.getValue()));
                }
                return output.toString();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aClientSpeaksEitherVersion(String version) {
        String output = ask(serve(serverOptions()), "hello\n", "you said", version);

        String name = version.equals("-tls1_2") ? "TLSv1.2" : "TLSv1.3";
        assertThat(output).contains(name + " alpn= peers=0 you said hello");
    }

    @Test
    void aClientGetsTheCertificateOfTheNameItAsksFor() {
        TlsOptions options =
                serverOptions().withCertificate("*.b.example", other.certificate(), other.key());
        int port = serve(options);

        String named = ask(port, "x\n", "you said", "-servername", "www.b.example");
        String unnamed = ask(port, "x\n", "you said", "-noservername");

        assertThat(named).contains("subject=CN = www.b.example");
        assertThat(unnamed).contains("subject=CN = localhost").contains("Verification: OK");
    }

    @Test
    void applicationProtocolsAreAgreedOn() {
        int port = serve(serverOptions().withApplicationProtocols("h2", "http/1.1"));

        String output = ask(port, "x\n", "you said", "-alpn", "http/1.1,spdy");

        assertThat(output).contains("ALPN protocol: http/1.1").contains("alpn=http/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aClientProvesItself(String version) {
        int port =
                serve(
                        serverOptions()
                                .withTrust(other.certificate())
                                .withClientCertificatesNeeded());

        String output =
                ask(
                        port,
                        "x\n",
                        "you said",
                        version,
                        "-cert",
                        other.certificate().toString(),
                        "-key",
                        other.key().toString());

        assertThat(output).contains("peers=1 you said x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "K"})
    void anUpdateOfKeysIsAnsweredIfAskedFor(String letter) {
        int port = serve(serverOptions());

        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("before\n", "you said before");
        // A line of that letter alone is an order to s_client.
        inputs.put(letter + "\n", "KEYUPDATE");
        inputs.put("after\n", "you said after");

        String output = ask(port, inputs, "-tls1_3");

        assertThat(output).contains("you said after");
    }

    @Test
    void aSecondHandshakeIsRefused() {
        int port = serve(serverOptions());

        String output = ask(port, "R\n", "closed", "-tls1_2");

        assertThat(output).contains("RENEGOTIATING");
        assertThat(failures).singleElement().asString().contains("second TLS handshake");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec", "rsa"})
    void keysInTheOlderFormsAreRead(String form, @TempDir Path folder) throws Exception {
        PemFiles files = form.equals("ec") ? own : other;
        Path older = folder.resolve("older.key");
        offLoop(() -> {
            try (ProgramDialogue conversion =
                    ProgramDialogue.start(
                            List.of(
                                    "openssl",
                                    form,
                                    "-in",
                                    files.key().toString(),
                                    form.equals("ec") ? "-no_public" : "-traditional",
                                    "-out",
                                    older.toString()))) {
                return conversion.output();
            }
        });
        assertThat(older).content().contains("BEGIN " + form.toUpperCase(Locale.ROOT));

        int port = serve(TlsOptions.server().withCertificate(files.certificate(), older));

        assertThat(ask(port, "x\n", "you said")).contains("you said x");
    }

    private String askThem(TlsOptions options, String serverName, String... arguments) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("openssl", "s_server", "-accept", "127.0.0.1:0", "-rev"));
        command.addAll(List.of("-cert", own.certificate().toString()));
        command.addAll(List.of("-key", own.key().toString()));
        command.addAll(List.of(arguments));
        try (ProgramDialogue server = ProgramDialogue.start(command)) {
            Matcher port = PORT.matcher(offLoop(() -> server.outputUpTo("ACCEPT")));
            assertThat(port.find()).isTrue();
            ConnectOptions connect =
                    ConnectOptions.defaults().withTls(options).withServerName(serverName);
            return loop.runSync(() -> {
                int number = Integer.parseInt(port.group(1));
                try (IOStream stream =
                        TcpClient.connect("127.0.0.1", number, connect).await(LIMIT)) {
                    stream.write("hello\n");
                    TlsSession session = stream.tls().orElseThrow();
                    return session.protocol()
                            + " "
                            + session.applicationProtocol()
                            + " "
                            + stream.readLine().await(LIMIT);
                }
            });
        }
    }

    private static TlsOptions clientOptions() {
        return TlsOptions.client().withTrust(own.certificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aServerSpeaksEitherVersion(String version) {
        String answer = askThem(clientOptions().withProtocols(version), "localhost");

        assertThat(answer).isEqualTo(version + "  olleh");
    }

    @Test
    void aServerGetsTheNameThatItIsAskedFor() {
        String answer =
                askThem(
                        clientOptions().withTrust(other.certificate()),
                        "www.b.example",
                        "-servername",
                        "www.b.example",
                        "-cert2",
                        other.certificate().toString(),
                        "-key2",
                        other.key().toString());

        assertThat(answer).isEqualTo("TLSv1.3  olleh");
    }

    @Test
    void aServerChoosesAProtocol() {
        String answer =
                askThem(
                        clientOptions().withApplicationProtocols("h2", "http/1.1"),
                        "localhost",
                        "-alpn",
                        "http/1.1");

        assertThat(answer).isEqualTo("TLSv1.3 http/1.1 olleh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aServerIsShownOurCertificate(String version) {
        String answer =
                askThem(
                        clientOptions()
                                .withProtocols(version)
                                .withCertificate(other.certificate(), other.key()),
                        "localhost",
                        "-Verify",
                        "1",
                        "-verify_return_error",
                        "-CAfile",
                        other.certificate().toString());

        assertThat(answer).endsWith("olleh");
    }
}

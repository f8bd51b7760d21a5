package dev.gyre.examples;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line, in this process.
final class GyreCommandTest {

    private record Outcome(int status, List<String> out, List<String> err) {

        static Outcome of(String... arguments) {
            var out = new ByteArrayOutputStream();
            var err = new ByteArrayOutputStream();
            int status = Gyre.run(stream(out), stream(err), arguments);
            return new Outcome(status, lines(out), lines(err));
        }

        private static PrintStream stream(ByteArrayOutputStream bytes) {
            return new PrintStream(bytes, true, StandardCharsets.UTF_8);
        }

        private static List<String> lines(ByteArrayOutputStream bytes) {
            return bytes.toString(StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void demoListsTheDemosALineEach() {
        Outcome outcome = Outcome.of("demo");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("chat  ").endsWith("."),
                        line -> assertThat(line).startsWith("line-echo  ").endsWith("."),
                        line -> assertThat(line).startsWith("sentinel-echo  ").endsWith("."),
                        line -> assertThat(line).startsWith("sentinel-client  ").endsWith("."),
                        line -> assertThat(line).startsWith("tcp-proxy  ").endsWith("."),
                        line -> assertThat(line).startsWith("redis  ").endsWith("."),
                        line -> assertThat(line).startsWith("raw-echo  ").endsWith("."),
                        line -> assertThat(line).startsWith("raw-echo-classic  ").endsWith("."),
                        line -> assertThat(line).startsWith("accept-loop  ").endsWith("."),
                        line -> assertThat(line).startsWith("blocking-is-fine  ").endsWith("."),
                        line -> assertThat(line).startsWith("spider  ").endsWith("."));
    }

    @ParameterizedTest
    @CsvSource({
        "redis, [--port=PORT], Default: 6380., redis-cli -p 6380",
        "raw-echo, [--port=PORT], Default: 9999., nc 127.0.0.1 9999",
        "raw-echo-classic, [--port=PORT], Default: 10000., nc localhost 10000",
        "accept-loop, --port=PORT, Required., nc localhost 8888",
    })
    void helpExplainsADemo(String demo, String port, String standard, String example) {
        Outcome outcome = Outcome.of("demo", demo, "--help");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .contains("Usage: ./gyre demo " + demo + " [-h] [--host=HOST] " + port);
        assertThat(outcome.out()).contains("    " + example);
        assertThat(outcome.out()).anyMatch(line -> line.endsWith(standard));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    blocking-is-fine | [-h] [--seconds=S]                             | Default: 2.
                    spider           | [-h] [--pages=N] [--timeout=S] [--workers=N] | Default: 10.
                    """)
    void helpExplainsADemoThatEnds(String demo, String options, String standard) {
        Outcome outcome = Outcome.of("demo", demo, "--help");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("Usage: ./gyre demo " + demo + " " + options);
        assertThat(outcome.out()).anyMatch(line -> line.endsWith(standard));
        assertThat(String.join(" ", outcome.out())).contains("Exit status 0");
    }

    @Test
    void helpNamesTheCommands() {
        for (Outcome outcome : List.of(Outcome.of("--help"), Outcome.of())) {
            assertThat(outcome.status()).isZero();
            assertThat(outcome.out()).contains("Usage: ./gyre [-h] COMMAND");
            assertThat(String.join("\n", outcome.out())).contains("demo", "doctor", "./gyre help");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gyre             | dmo     | no command 'dmo'; did you mean demo?
                    gyre             | --x     | no option '--x'
                    gyre demo | raw | no demo 'raw'; did you mean raw-echo or raw-echo-classic?
                    gyre demo        | zzz     | no demo 'zzz'
                    gyre demo        | nope    | no demo 'nope' (see ./gyre
                    gyre demo        | spidre  | no demo 'spidre'; did you mean spider?
                    gyre doctor      | x       | no argument 'x'
                    gyre demo raw-echo | x       | no argument 'x'
                    gyre demo raw-echo | --x     | no option '--x'
                    gyre demo raw-echo | --port  | --port needs PORT
                    gyre demo accept-loop | --host=x | --port is missing
                    gyre demo tcp-proxy | --port=1 | HOST:PORT is missing
                    gyre demo tcp-proxy | tea | HOST:PORT: 'tea' is not a server
                    gyre demo chat | --port=1 --port=1 | --port is given twice
                    gyre demo chat | --tls | --tls needs CERT KEY
                    gyre demo chat | --tls a.pem | --tls needs CERT KEY
                    """)
    void aWrongCommandLineIsToldInOneLine(String command, String argument, String reason) {
        Outcome outcome = Outcome.of((command + " " + argument).substring(5).split(" "));

        assertThat(outcome.err())
                .singleElement(as(STRING))
                .startsWith(command + ": ")
                .contains(reason)
                .endsWith(" (see ./" + command + " --help)");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "99999999999", "http", ""})
    void whatIsNoPortIsToldInOneLine(String port) {
        Outcome outcome = Outcome.of("demo", "raw-echo", "--port", port);

        assertThat(outcome.err())
                .containsExactly(
                        "gyre demo raw-echo: --port: '%s' is not a port,".formatted(port)
                                + " a number from 0 to 65535 (see ./gyre demo raw-echo --help)");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    spider           | --workers | 0    | a number from 1 to 1000
                    spider           | --workers | 1001 | a number from 1 to 1000
                    spider           | --pages   | ten  | a number from 1 to 100000
                    spider           | --timeout | 0      | a number of seconds from 0.001 to 3600
                    spider           | --timeout | -1     | a number of seconds from 0.001 to 3600
                    spider           | --timeout | 1e-10  | a number of seconds from 0.001 to 3600
                    spider           | --timeout | 0.0009 | a number of seconds from 0.001 to 3600
                    blocking-is-fine | --seconds | 3601   | a number of seconds from 0.1 to 3600
                    blocking-is-fine | --seconds | two    | a number of seconds from 0.1 to 3600
                    blocking-is-fine | --seconds | 0.0999 | a number of seconds from 0.1 to 3600
                    """)
    void whatIsNoNumberIsToldInOneLine(String demo, String option, String value, String wanted) {
        Outcome outcome = Outcome.of("demo", demo, option, value);

        assertThat(outcome.err())
                .containsExactly(
                        "gyre demo %s: %s: '%s' is not %s".formatted(demo, option, value, wanted)
                                + " (see ./gyre demo %s --help)".formatted(demo));
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --host=nowhere.invalid | host 'nowhere.invalid' does not resolve to an address
                    --host=                | host '' does not resolve to an address
                    --host=192.0.2.1       | 192.0.2.1 is not an address of this machine
                    """)
    void aHostThatIsNotHereIsToldInOneLine(String argument, String reason) {
        Outcome outcome = Outcome.of("demo", "raw-echo", argument);

        assertThat(outcome.err()).containsExactly("gyre demo raw-echo: " + reason);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.status()).isEqualTo(2);
    }

    @Test
    void aFileThatIsNotThereIsToldInOneLine() {
        Outcome outcome = Outcome.of("demo", "chat", "--tls", "no/cert.pem", "no/key.pem");

        assertThat(outcome.err())
                .singleElement(as(STRING))
                .isEqualTo(
                        "gyre demo chat: cannot read no/cert.pem: there is no such file"
                                + " (see ./gyre demo chat --help)");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.status()).isEqualTo(2);
    }

    @Test
    void aFileThatIsNoCertificateIsToldInOneLine(@TempDir Path folder) throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.pem"));

        Outcome outcome = Outcome.of("demo", "chat", "--tls", empty.toString(), empty.toString());

        assertThat(outcome.err())
                .singleElement(as(STRING))
                .startsWith("gyre demo chat: " + empty + " holds no certificate: there is no line");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw-echo", "raw-echo-classic", "accept-loop", "chat"})
    void aPortInUseIsToldInOneLine(String demo) throws Exception {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket taken = new ServerSocket(0, 1, loopback)) {
            String port = Integer.toString(taken.getLocalPort());

            Outcome outcome = Outcome.of("demo", demo, "--host", "127.0.0.1", "--port", port);

            assertThat(outcome.err())
                    .containsExactly(
                            "gyre demo %s: 127.0.0.1:%s is in use; choose another port,"
                                            .formatted(demo, port)
                                    + " or --port 0 for a free one");
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.status()).isEqualTo(2);
        }
    }

    @Test
    void doctorTellsWhatItFound() {
        Outcome outcome = Outcome.of("doctor");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).anyMatch(line -> line.startsWith("JDK  "));
        assertThat(outcome.out()).anyMatch(line -> line.startsWith("poller  "));
        assertThat(outcome.out()).anyMatch(line -> line.startsWith("coroutines  carrier "));
        boolean healthy = outcome.out().contains("All is well.");
        assertThat(outcome.status()).isEqualTo(healthy ? 0 : 1);
    }
}

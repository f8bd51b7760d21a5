package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line in processes of their own: signals, streams, memory.
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // Reading a pipe has no time-out.
final class GyreProcessTest {

    @ParameterizedTest
    @ValueSource(strings = {"raw-echo", "raw-echo-classic", "accept-loop"})
    void terminationClosesConnectionsAndEndsWell(String demo) throws Exception {
        endsWellOn("TERM", demo);
    }

    @Test
    void interruptClosesConnectionsAndEndsWell() throws Exception {
        // A shell without job control lets its background jobs ignore SIGINT, and so do their
        // children.
        assumeFalse(ignoresInterrupt(), "SIGINT is ignored here, and a child inherits that");
        endsWellOn("INT", "raw-echo");
    }

    private static void endsWellOn(String signal, String demo) throws Exception {
        try (var gyre = GyreProcess.start("demo", demo, "--host", "127.0.0.1", "--port", "0")) {
            try (Client client = Client.connect(gyre.listening(demo))) {
                client.send("x");
                assertThat(client.receive(1)).isEqualTo("x");

                gyre.signal(signal);

                assertThat(client.receiveToEnd()).isEmpty();
                assertThat(gyre.exitStatus()).isZero();
                assertThat(gyre.errorLines()).isEmpty();
            }
        }
    }

    private static boolean ignoresInterrupt() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        // SigIgn is a mask in hexadecimal digits (proc(5)); signal 2 is its second bit.
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Character.digit(line.charAt(line.length() - 1), 16) & 2) != 0);
    }

    @Test
    void printsEachLineAtOnce() throws Exception {
        try (var gyre = GyreProcess.start("demo", "raw-echo", "--port", "0");
                Client client = Client.connect(gyre.listening("raw-echo"))) {
            client.send("h\u00e9\n");

            assertThat(client.receive(3)).isEqualTo("h\u00e9\n");
            assertThat(gyre.nextLine()).isEqualTo("Received 'h\\xe9\\n' from " + client.address());
            assertThat(gyre.nextLine()).isEqualTo("Sending h\\xe9\\n to " + client.address());
            assertThat(gyre.nextLine()).isEqualTo(client.address() + " queue empty");
        }
    }

    @Test
    void servesOnWhenNobodyReadsItsOutput() throws Exception {
        try (var gyre = GyreProcess.start("demo", "raw-echo", "--port", "0");
                Client client = Client.connect(gyre.listening("raw-echo"))) {
            gyre.closeOutput();

            for (int i = 0; i < 10; i++) {
                client.send("x");
                assertThat(client.receive(1)).isEqualTo("x");
            }
            gyre.signal("TERM");

            assertThat(gyre.exitStatus()).isZero();
            assertThat(gyre.errorLines()).isEmpty();
        }
    }

    @Test
    void aPortInUseIsToldInOneLine() throws Exception {
        try (var first = GyreProcess.start("demo", "raw-echo", "--port", "0")) {
            String port = Integer.toString(first.listening("raw-echo").getPort());

            try (var second = GyreProcess.start("demo", "raw-echo", "--port", port)) {
                assertThat(second.errorLines())
                        .containsExactly(
                                "gyre demo raw-echo: 127.0.0.1:%s is in use; choose another port,"
                                                .formatted(port)
                                        + " or --port 0 for a free one");
                assertThat(second.exitStatus()).isEqualTo(2);
            }
        }
    }

    /// Fifty megabytes through a heap of eight.
    @Test
    void echoesFarMoreThanFitsIntoItsMemory() throws Exception {
        long total = 50_000_000;
        var small = List.of(GyreProcess.CARRIER, "-Xmx8m", "-XX:MaxDirectMemorySize=2m");
        try (var gyre =
                GyreProcess.start(small, Redirect.DISCARD, "demo", "raw-echo", "--port", "0")) {

            long echoed = new EagerSender(total).run(gyre.listening("raw-echo"));

            assertThat(echoed).isEqualTo(total);
            gyre.signal("TERM");
            assertThat(gyre.exitStatus()).isZero();
            assertThat(gyre.errorLines()).isEmpty();
        }
    }

    /// Printing to a pipe that is full and stays so blocks the loop, and with it the handler of the
    /// signal.
    @Test
    void terminationEndsADemoWhoseOutputNobodyReads() throws Exception {
        try (var gyre = GyreProcess.start("demo", "raw-echo", "--port", "0");
                Client client = Client.connect(gyre.listening("raw-echo"))) {
            // Each byte is shown as four characters, twice.
            client.send(new byte[60_000]);
            gyre.awaitFullOutput();

            gyre.signal("TERM");

            assertThat(gyre.exitStatus()).isZero();
        }
    }
}

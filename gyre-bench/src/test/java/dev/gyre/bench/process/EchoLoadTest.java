package dev.gyre.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the load generator makes of servers that do not do what they should.
@Timeout(60)
final class EchoLoadTest {

    private static final EchoClient.Message MESSAGE = new EchoClient.Message(64, 3);

    private ServerSocket listener;

    /// How a server answers what it got.
    private interface Answer {

        void send(Socket client, byte[] bytes) throws IOException;
    }

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    private EchoLoad load(int clients) throws IOException {
        var address = (InetSocketAddress) listener.getLocalSocketAddress();
        return new EchoLoad(address, clients, MESSAGE, EchoLoad.Dial::clear);
    }

    private void serve(Answer answer) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            Socket client = listener.accept();
                            Thread.ofVirtual().start(() -> talk(client, answer));
                        }
                    } catch (IOException e) {
                        // The test is over, and has closed the listener.
                    }
                });
    }

    private static void talk(Socket client, Answer answer) {
        byte[] bytes = new byte[1024];
        try (client;
                InputStream in = client.getInputStream()) {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                answer.send(client, Arrays.copyOf(bytes, count));
            }
        } catch (IOException e) {
            // The load has closed its end, perhaps before it read everything.
        }
    }

    @Test
    void countsWhatComesBack() throws Exception {
        serve((client, bytes) -> client.getOutputStream().write(bytes));

        try (EchoLoad load = load(5)) {
            load.begin();
            Load.Window window = load.run(Duration.ofMillis(50));

            assertThat(window.messages()).isPositive();
            assertThat(window.latencies().getTotalCount()).isEqualTo(window.messages());
        }
    }

    /// Neither messages nor the times they were sent come in one piece then.
    @Test
    void takesEchoesByteByByte() throws Exception {
        serve((client, bytes) -> {
            client.setTcpNoDelay(true);
            for (byte each : bytes) {
                client.getOutputStream().write(each);
            }
        });

        try (EchoLoad load = load(2)) {
            load.begin();
            Load.Window window = load.run(Duration.ofMillis(50));

            assertThat(window.latencies().getTotalCount()).isEqualTo(window.messages());
        }
    }

    @Test
    void otherBytesThanWereSentAreAFailure() throws Exception {
        serve((client, bytes) -> {
            bytes[bytes.length / 2] ^= 1;
            client.getOutputStream().write(bytes);
        });

        try (EchoLoad load = load(1)) {
            load.begin();

            assertThatIOException()
                    .isThrownBy(() -> load.run(Duration.ofSeconds(10)))
                    .withMessage("the server sent other bytes than it was sent");
        }
    }

    @Test
    void moreBytesThanWereSentAreAFailure() throws Exception {
        serve((client, bytes) -> {
            byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
            more[bytes.length] = bytes[0];
            client.getOutputStream().write(more);
        });

        try (EchoLoad load = load(1)) {
            load.begin();

            assertThatIOException()
                    .isThrownBy(() -> load.run(Duration.ofSeconds(10)))
                    .withMessage("the server sent more than it was sent");
        }
    }

    @Test
    void anEndIsAFailure() throws Exception {
        serve((client, bytes) -> client.shutdownOutput());

        try (EchoLoad load = load(1)) {
            load.begin();

            assertThatIOException()
                    .isThrownBy(() -> load.run(Duration.ofSeconds(10)))
                    .withMessage("the server closed a connection");
        }
    }
}

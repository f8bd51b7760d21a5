package dev.gyre.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the load generator makes of servers that do not do what they should.
@Timeout(60)
final class EchoLoadTest {

    private static final int CLIENTS = 2;
    private static final EchoClient.Message MESSAGE = new EchoClient.Message(64, 3);

    private EchoLoad load(AnsweringServer server, int clients) throws IOException {
        return new EchoLoad(server.address(), clients, MESSAGE, EchoLoad.Dial::clear);
    }

    @Test
    void countsWhatComesBack() throws Exception {
        countsAllButWhatIsInFlight((client, bytes) -> client.getOutputStream().write(bytes));
    }

    /// With so many clients neither messages nor the times they were sent come in one piece.
    @Test
    void takesEchoesByteByByte() throws Exception {
        countsAllButWhatIsInFlight((client, bytes) -> {
            client.setTcpNoDelay(true);
            for (byte each : bytes) {
                client.getOutputStream().write(each);
            }
        });
    }

    private void countsAllButWhatIsInFlight(AnsweringServer.Answer echo) throws Exception {
        AtomicLong echoed = new AtomicLong();
        AnsweringServer.Answer counting =
                (client, bytes) -> {
                    echoed.addAndGet(bytes.length);
                    echo.send(client, bytes);
                };

        try (var server = new AnsweringServer(counting);
                EchoLoad load = load(server, CLIENTS)) {
            load.begin();
            Load.Window window = load.run(Duration.ofMillis(50));

            long inFlightMax = (long) CLIENTS * MESSAGE.depth() * MESSAGE.size();
            assertThat(echoed.get() - window.messages() * MESSAGE.size())
                    .isBetween(0L, inFlightMax);
            assertThat(window.latencies().getTotalCount()).isEqualTo(window.messages());
        }
    }

    @Test
    void otherBytesThanWereSentAreAFailure() throws Exception {
        AnsweringServer.Answer answer =
                (client, bytes) -> {
                    bytes[bytes.length / 2] ^= 1;
                    client.getOutputStream().write(bytes);
                };

        try (var server = new AnsweringServer(answer);
                EchoLoad load = load(server, 1)) {
            load.begin();

            assertThatIOException()
                    .isThrownBy(() -> load.run(Duration.ofSeconds(10)))
                    .withMessage("the server sent other bytes than it was sent");
        }
    }

    @Test
    void moreBytesThanWereSentAreAFailure() throws Exception {
        AnsweringServer.Answer answer =
                (client, bytes) -> {
                    byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
                    more[bytes.length] = bytes[0];
                    client.getOutputStream().write(more);
                };

        try (var server = new AnsweringServer(answer);
                EchoLoad load = load(server, 1)) {
            load.begin();

            assertThatIOException()
                    .isThrownBy(() -> load.run(Duration.ofSeconds(10)))
                    .withMessage("the server sent more than it was sent");
        }
    }

    @Test
    void anEndIsAFailure() throws Exception {
        AnsweringServer.Answer answer = (client, bytes) -> client.shutdownOutput();

        try (var server = new AnsweringServer(answer);
                EchoLoad load = load(server, 1)) {
            load.begin();

            assertThatIOException()
                    .isThrownBy(() -> load.run(Duration.ofSeconds(10)))
                    .withMessage("the server closed a connection");
        }
    }
}

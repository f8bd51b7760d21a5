package dev.gyre.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The load generator that sends on its own time.
@Timeout(60)
final class PacedLoadTest {

    private static final int LINE_SIZE = 64;

    /// More lines a second than can be sent.
    private static final double NO_PAUSE = 1e9;

    private static void echo(Socket client, byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
    }

    private static PacedLoad load(AnsweringServer server, int clients, double perSecond)
            throws IOException {
        return new PacedLoad(server.address(), clients, LINE_SIZE, perSecond);
    }

    @Test
    void aWindowHasAllItsLinesAndWaitsForTheirEchoes() throws Exception {
        try (var server = new AnsweringServer(PacedLoadTest::echo);
                PacedLoad load = load(server, 3, 1000)) {
            load.run(Duration.ofMillis(20));
            Load.Window second = load.run(Duration.ofMillis(50));

            assertThat(second.messages()).isEqualTo(50);
            assertThat(second.latencies().getTotalCount()).isEqualTo(50);
        }
    }

    /// The first of them has waited for as long as it took all others to become due.
    @Test
    void linesAreSentWhetherOrNotThereAreAnswers() throws Exception {
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        AnsweringServer.Answer inTheEnd =
                (client, bytes) -> {
                    held.writeBytes(bytes);
                    if (held.size() == 20 * LINE_SIZE) {
                        echo(client, held.toByteArray());
                    }
                };

        try (var server = new AnsweringServer(inTheEnd);
                PacedLoad load = load(server, 1, 1000)) {
            Load.Window window = load.run(Duration.ofMillis(20));

            assertThat(window.messages()).isEqualTo(20);
            assertThat(window.latencies().getMaxValue()).isGreaterThanOrEqualTo(19_000_000);
            assertThat(window.latencies().getValueAtPercentile(50))
                    .isGreaterThanOrEqualTo(9_000_000);
        }
    }

    /// All lines are due at once, so that each waits for the load generator too.
    @Test
    void latencyCountsFromWhenALineWasDueAndWhoCannotKeepTheRateTellsIt() throws Exception {
        try (var server = new AnsweringServer(PacedLoadTest::echo);
                PacedLoad load = load(server, 64, NO_PAUSE)) {
            Load.Window window = load.run(Duration.ofNanos(10_000));

            assertThat(window.messages()).isEqualTo(10_000);
            assertThat(load.isLate(window)).isTrue();
            assertThat(window.latencies().getValueAtPercentile(99))
                    .isGreaterThanOrEqualTo((long) (load.lagMicros() * 1000));
        }
    }

    @Test
    void aServerThatNeverAnswersIsAFailureOnceTooMuchIsOnItsWay() throws Exception {
        try (var server = new AnsweringServer((_, _) -> {});
                PacedLoad load = load(server, 1, NO_PAUSE)) {

            assertThatIOException()
                    .isThrownBy(() -> load.run(Duration.ofSeconds(1)))
                    .withMessage("the server is 4096 messages behind on one connection");
        }
    }

    @Test
    void aFloodGoesOnUntilItIsToldToPause() throws Exception {
        try (var server = new AnsweringServer(PacedLoadTest::echo);
                PacedLoad load = load(server, 2, 1000)) {
            Flood flood = load.addFlood(server.address());
            load.run(Duration.ofMillis(10));
            assertThat(flood.takeAnswered()).isZero();

            flood.begin();
            Load.Window flooded = load.run(Duration.ofMillis(50));

            assertThat(flood.takeAnswered()).isPositive();
            assertThat(flooded.messages()).isEqualTo(50);
            flood.pause();
            do {
                load.run(Duration.ofMillis(20));
            } while (flood.takeAnswered() > 0);
        }
    }
}

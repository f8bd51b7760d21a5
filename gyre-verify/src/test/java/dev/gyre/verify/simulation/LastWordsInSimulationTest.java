package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.TaskScope;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A server that answers in the middle of an upload, and leaves: its client gets the whole answer,
/// however the reset behind it falls.
class LastWordsInSimulationTest {

    /// One upload.
    private static final class Upload {

        private static final int PIECES = 40;
        private static final int PIECE_BYTES = 20_000;

        private final Simulation simulation;
        private final Random random;
        private final String answer;
        private final boolean readsFromTheBeginning;

        /// Why the upload failed; null if it has not.
        private @Nullable StreamClosedException failure;

        Upload(Simulation simulation) {
            this.simulation = simulation;
            random = new Random(simulation.seed());
            answer = "413 ".repeat(1 + random.nextInt(random.nextBoolean() ? 10 : 20_000));
            readsFromTheBeginning = random.nextBoolean();
        }

        /// Serves: reads a part, answers, and leaves.
        void refuse(IOStream stream) {
            stream.readBytes(1 + random.nextInt(2 * PIECE_BYTES)).await();
            stream.write(answer).await();
            stream.close();
        }

        /// Sends until that fails, reads the answer, and returns it.
        String send() {
            int readMax = 1000 + random.nextInt(200_000);
            StreamOptions options = StreamOptions.defaults().withReadBufferBytesMax(readMax);
            ConnectOptions connect = ConnectOptions.defaults().withStreamOptions(options);
            try (IOStream stream = TcpClient.connect("server", 9000, connect).await()) {
                int writeMax = StreamOptions.WRITE_QUEUE_BYTES_MAX;
                return send(new StreamAudit(simulation, stream, readMax, writeMax));
            }
        }

        private String send(StreamAudit stream) {
            if (!readsFromTheBeginning) {
                sendPieces(stream);
                TimerAudit.sleep(Duration.ofMillis(random.nextInt(2000)));
                return receive(stream);
            }
            return TaskScope.call(scope -> {
                scope.spawn("send", () -> sendPieces(stream));
                return receive(stream);
            });
        }

        private boolean sendPieces(StreamAudit stream) {
            try {
                for (int piece = 0; piece < PIECES; piece++) {
                    stream.write(new byte[PIECE_BYTES]);
                    stream.drain().await();
                }
            } catch (StreamClosedException e) {
                failure = e;
            }
            return true;
        }

        private String receive(StreamAudit stream) {
            StringBuilder got = new StringBuilder();
            while (got.length() < answer.length()) {
                byte[] some = stream.read(in -> in.readSome(1 + random.nextInt(5000))).await();
                if (some.length == 0) {
                    return got + "; and ended in order";
                }
                got.append(new String(some, StandardCharsets.ISO_8859_1));
            }
            checkEnd(stream);
            return got.toString();
        }

        /// What a write was told, a read is told too.
        private void checkEnd(StreamAudit stream) {
            LoopFuture<byte[]> rest = stream.read(in -> in.readSome(1));
            try {
                int count = rest.await().length;
                assertThat(count).as("there is more than was sent").isZero();
                assertThat(failure == null || failure.isOrderly()).isTrue();
            } catch (StreamClosedException e) {
                assertThat(e.isOrderly()).isFalse();
            }
        }
    }

    @SimTest(seeds = 200)
    void theAnswerArrivesThoughTheUploadFails(Simulation simulation) {
        Upload upload = new Upload(simulation);
        simulation.faults(NetworkFaults.harsh());
        SimulatedHost host = simulation.host("server");
        TcpServer server = new TcpServer(upload::refuse);
        host.run(() -> server.listen(9000));

        String got = simulation.host("client").run(() -> upload.send());
        simulation.advance(Duration.ofMinutes(1));
        host.run(() -> {
            server.close();
            return true;
        });

        assertThat(got).isEqualTo(upload.answer);
    }
}

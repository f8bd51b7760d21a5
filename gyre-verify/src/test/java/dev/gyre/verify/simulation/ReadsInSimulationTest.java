package dev.gyre.verify.simulation;

import dev.gyre.loop.Task;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// Reads of all kinds, many of which are given up, against a plain look at the whole text: whatever
/// comes in which pieces, and whenever a read is cancelled, nothing else may come of it.
class ReadsInSimulationTest {

    /// Delimiters of one byte and more, some of which begin as they end.
    private static final List<String> DELIMITERS =
            List.of("\n", "\r\n", "\r\n\r\n", "aab", "abab", "aaaaaaaab", "abaabaaba");

    private static final Duration MILLISECOND = Duration.ofMillis(1);

    /// Packets come at whole milliseconds, and so meet the deadlines.
    private static final NetworkFaults EVEN =
            NetworkFaults.none().withLatency(MILLISECOND, MILLISECOND);

    static String delimiter(Random random) {
        return DELIMITERS.get(random.nextInt(DELIMITERS.size()));
    }

    private static NetworkFaults faults(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> EVEN;
            case 1 -> EVEN.withShortCalls(0.7).withBlockedCalls(0.2).withSpuriousReadiness(0.2);
            default -> NetworkFaults.harsh();
        };
    }

    @SimTest(seeds = 60)
    void eachReadGivesWhatALookAtTheWholeTextGives(Simulation simulation) {
        Random random = new Random(simulation.seed());
        simulation.faults(faults(random));
        String text = text(random);
        SimulatedHost host = simulation.host("server");
        TcpServer server =
                host.run(() ->
                        new TcpServer(stream -> send(stream, text, random))
                                .withStreamOptions(StreamOptions.defaults().withHalfOpen())
                                .listen(9000));

        simulation.host("client").run(() -> read(simulation, text, random));
        host.run(() -> {
            server.close();
            return true;
        });
    }

    /// Returns a text of few letters, with delimiters; sometimes more than is read at a time.
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int parts = random.nextInt(60);
        for (int i = 0; i < parts; i++) {
            int letters = random.nextInt(random.nextInt(10) == 0 ? 300 : 20);
            for (int j = 0; j < letters; j++) {
                text.append("aaab\r\n".charAt(random.nextInt(6)));
            }
            text.append(delimiter(random));
        }
        if (random.nextInt(8) == 0) {
            text.append("a".repeat(20_000 + random.nextInt(50_000))).append("b\r\n");
        }
        return text.toString();
    }

    /// In pieces, most of them shorter than a delimiter, and then the end.
    private static void send(IOStream stream, String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int pieceMax = random.nextBoolean() ? 4 : 400;
        for (int at = 0; at < bytes.length; ) {
            int count = Math.min(bytes.length - at, 1 + random.nextInt(pieceMax));
            if (at > 10_000) {
                count = bytes.length - at;
            }
            stream.write(java.util.Arrays.copyOfRange(bytes, at, at + count)).await();
            at += count;
            if (random.nextInt(3) > 0) {
                Task.sleep(Duration.ofMillis(random.nextInt(3)));
            }
        }
        stream.shutdownOutput().await();
        stream.readUntilClose().await();
    }

    private static boolean read(Simulation simulation, String text, Random random) {
        StreamOptions options = StreamOptions.defaults().withReadBufferBytesMax(80_000);
        if (random.nextBoolean()) {
            options = options.withHalfOpen();
        }
        ConnectOptions how = ConnectOptions.defaults().withStreamOptions(options);
        try (IOStream stream = TcpClient.connect("server", 9000, how).await()) {
            new ModelReader(simulation, stream, text, random).readToTheEnd();
        }
        return true;
    }
}

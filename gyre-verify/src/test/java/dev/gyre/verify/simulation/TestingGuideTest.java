package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Task;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The examples of docs/testing.md, which a test compares with what stands there.
class TestingGuideTest {

    @GyreTest
    void aTimerRunsWhenItsTimeHasCome(TestLoop test) {
        boolean[] ran = {false};
        test.loop().callLater(Duration.ofHours(1), () -> ran[0] = true);

        test.advance(Duration.ofHours(1).minusNanos(1));
        assertThat(ran[0]).isFalse();
        test.advance(Duration.ofNanos(1));
        assertThat(ran[0]).isTrue();
    }

    @GyreTest
    void aLineComesBack(TestLoop test) {
        MemoryTransport.Pair pair = MemoryTransport.pair();
        IOStream server = new IOStream(test.loop(), pair.near());
        pair.near().faults(MemoryTransport.Faults.pieces(1));
        test.loop()
                .spawn(() -> {
                    try (server) {
                        server.write(server.readUntil("\n").await());
                        server.closeAfterFlush().await();
                    }
                });

        try (IOStream client = new IOStream(test.loop(), pair.far())) {
            client.write("hello\n");
            Task<String> answer = test.loop().spawn(() -> client.readLine().await());
            test.runUntilIdle();
            assertThat(answer.resultNow()).isEqualTo("hello");
        }
        test.runUntilIdle();
    }

    @GyreTest
    void whatGoesWrongIsLogged(TestLoop test, ExpectLog log) {
        log.expect("dev.gyre.application", System.Logger.Level.ERROR, "planned");

        test.loop()
                .addCallback(() -> {
                    throw new IllegalStateException("planned");
                });
        test.runUntilIdle();
    }

    private static void echo(IOStream stream) {
        while (true) {
            stream.write(stream.readUntil("\n").await());
        }
    }

    @SimTest(seeds = 200)
    void theIdleClientIsDropped(Simulation simulation) {
        simulation.faults(NetworkFaults.harsh());
        SimulatedHost host = simulation.host("server");
        TcpServer server =
                host.run(() ->
                        new TcpServer(TestingGuideTest::echo)
                                .withIdleTimeout(Duration.ofMinutes(5))
                                .listen(8000));
        IOStream client = simulation.host("client").connect("server", 8000);
        client.closed();

        simulation.advance(Duration.ofMinutes(6));

        assertThat(client.isOpen()).isFalse();
        host.run(() -> {
            server.close();
            return true;
        });
    }

    @SimTest(seeds = 50)
    void noMoreThanTwoAreServedAtAnyMoment(Simulation simulation) {
        simulation.faults(NetworkFaults.harsh());
        SimulatedHost host = simulation.host("server");
        TcpServer server = new TcpServer(TestingGuideTest::echo).withConnectionsMax(2);
        simulation.checkAlways(() -> assertThat(server.connectionCount()).isLessThan(3));
        host.run(() -> server.listen(8000));
        for (int i = 0; i < 5; i++) {
            simulation.host("client " + i).start(TestingGuideTest::greet);
        }

        simulation.advance(Duration.ofMinutes(1));

        assertThat(server.acceptedCount()).isEqualTo(5);
        host.run(() -> {
            server.close();
            return true;
        });
    }

    private static String greet() {
        try (IOStream stream = TcpClient.connect("server", 8000).await()) {
            stream.write("hello\n");
            return stream.readLine().await();
        }
    }

    @Test
    void theGuideShowsTheseExamples() throws IOException {
        String guide = Files.readString(root().resolve("docs/testing.md"));
        String source = normal(Files.readString(root().resolve(SOURCE)));

        List<String> blocks =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(guide)
                        .results()
                        .map(found -> found.group(1))
                        .toList();

        assertThat(blocks).hasSizeGreaterThan(3);
        assertThat(blocks).allSatisfy(block -> assertThat(source).contains(normal(block)));
    }

    private static final String SOURCE =
            "gyre-verify/src/test/java/dev/gyre/verify/simulation/TestingGuideTest.java";

    /// Returns the project's folder; the tests run in a module's, or there.
    private static Path root() {
        return Files.exists(Path.of("docs/testing.md")) ? Path.of("") : Path.of("..");
    }

    /// The formatter may break lines elsewhere.
    private static String normal(String code) {
        return code.replaceAll("\\s+", "");
    }
}

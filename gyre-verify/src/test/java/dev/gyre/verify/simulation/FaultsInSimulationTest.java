package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.Task;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a simulated network can do to a program, one kind of fault at a time.
class FaultsInSimulationTest {

    private static final int CLIENTS = 5;

    /// How long a client waits for its connection.
    private static final Duration TRY = Duration.ofSeconds(3);

    private static void echo(IOStream stream) {
        stream.write(stream.readUntil("\n").await());
    }

    private static String ask(String question) {
        try (IOStream stream = TcpClient.connect("server", 9000).await()) {
            stream.write(question + "\n");
            return stream.readLine().await();
        }
    }

    private static void close(SimulatedHost host, TcpServer server) {
        host.run(() -> {
            server.close();
            return true;
        });
    }

    /// Both ends of the limit of the server, and the loop's pauses after a failed accept, are in
    /// each other's way here.
    @SimTest(seeds = 200)
    void whoComesWhileDescriptorsAreShortIsServedLater(Simulation simulation) {
        simulation.faults(NetworkFaults.none().withFailingAccepts(0.5));
        SimulatedHost host = simulation.host("server");
        TcpServer server =
                host.run(() ->
                        new TcpServer(FaultsInSimulationTest::echo)
                                .withConnectionsMax(2)
                                .listen(9000));
        List<Task<String>> answers = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            String question = "question " + i;
            answers.add(simulation.host("client " + i).start(() -> ask(question)));
        }

        simulation.runUntil(() -> answers.stream().allMatch(Task::isDone));
        close(host, server);

        for (int i = 0; i < CLIENTS; i++) {
            assertThat(answers.get(i).resultNow()).isEqualTo("question " + i);
        }
        assertThat(host.run(server::acceptedCount)).isEqualTo(CLIENTS);
    }

    /// A loop that tried again in each turn would never be idle, and one that waited for longer
    /// than a second would keep the client waiting.
    @SimTest(seeds = 200)
    void acceptsThatFailAreTriedAgainWithinASecondAndNotInEachTurn(Simulation simulation) {
        simulation.faults(NetworkFaults.none().withFailingAccepts(0.99));
        SimulatedHost host = simulation.host("server");
        TcpServer server = host.run(() -> new TcpServer(FaultsInSimulationTest::echo).listen(9000));
        Task<String> answer = simulation.host("client").start(() -> ask("x"));
        simulation.advance(Duration.ofMinutes(1));
        long failed = failedAccepts(simulation);

        simulation.faults(NetworkFaults.none());
        simulation.advance(Duration.ofSeconds(6));
        close(host, server);

        assertThat(failed).isLessThan(90);
        assertThat(answer.resultNow()).isEqualTo("x");
    }

    private static long failedAccepts(Simulation simulation) {
        return simulation.trace().stream()
                .filter(line -> line.endsWith("has too many open files to accept"))
                .count();
    }

    /// Whoever gives up during the lookup leaves nothing behind; whoever tries again comes through.
    @SimTest(seeds = 200)
    void aClientCopesWithLookupsThatAreSlowOrFail(Simulation simulation) {
        simulation.faults(NetworkFaults.none().withSlowLookups(0.5).withFailingLookups(0.3));
        SimulatedHost host = simulation.host("server");
        TcpServer server = host.run(() -> new TcpServer(FaultsInSimulationTest::echo).listen(9000));
        SimulatedHost client = simulation.host("client");

        String answer = client.run(() -> askUntilAnswered(simulation));
        simulation.advance(Duration.ofSeconds(11));
        int left = host.run(server::connectionCount);
        close(host, server);

        assertThat(answer).isEqualTo("x");
        assertThat(left).isZero();
    }

    @SimTest(seeds = 200)
    void aClientCopesWithConnectsThatAreSlow(Simulation simulation) {
        simulation.faults(NetworkFaults.none().withSlowConnects(0.9));
        SimulatedHost host = simulation.host("server");
        TcpServer server = host.run(() -> new TcpServer(FaultsInSimulationTest::echo).listen(9000));

        String answer = simulation.host("client").run(() -> askUntilAnswered(simulation));
        simulation.advance(Duration.ofMinutes(1));
        int left = host.run(server::connectionCount);
        close(host, server);

        assertThat(answer).isEqualTo("x");
        assertThat(left).isZero();
    }

    private static String askUntilAnswered(Simulation simulation) {
        while (true) {
            Duration begun = simulation.elapsed();
            try (IOStream stream = TcpClient.connect("server", 9000).await(TRY)) {
                stream.write("x\n");
                return stream.readLine().await();
            } catch (DeadlineExceededException e) {
                assertThat(simulation.elapsed().minus(begun)).isEqualTo(TRY);
            } catch (UncheckedIOException e) {
                assertThat(e).hasCauseInstanceOf(UnknownHostException.class);
            }
        }
    }

    @SimTest(seeds = 200)
    void aLookupTakesAtMostTenSecondsAndWaitsForNobody(Simulation simulation) {
        simulation.faults(NetworkFaults.none().withSlowLookups(1));
        SimulatedHost host = simulation.host("server");
        TcpServer server = host.run(() -> new TcpServer(FaultsInSimulationTest::echo).listen(9000));
        List<Task<String>> answers = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            answers.add(simulation.host("client").start(() -> ask("x")));
        }

        simulation.advance(Duration.ofSeconds(11));
        close(host, server);

        assertThat(answers).allMatch(answer -> answer.resultNow().equals("x"));
    }

    @Test
    void whatWouldNeverEndIsRefused() {
        NetworkFaults faults = NetworkFaults.none();

        assertThatIllegalArgumentException().isThrownBy(() -> faults.withFailingAccepts(1));
        assertThatIllegalArgumentException().isThrownBy(() -> faults.withBlockedCalls(1));
    }
}

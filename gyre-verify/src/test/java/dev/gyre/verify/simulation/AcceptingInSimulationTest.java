package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.net.ListenOptions;
import dev.gyre.net.Network;
import dev.gyre.net.TcpClient;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.Transport;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;

/// A handler that a lock of the JDK holds up while its channel gets ready again, under the carrier,
/// where that holds up nobody else.
@Tag("carrier")
class AcceptingInSimulationTest {

    private static final int CLIENTS = 12;

    @SimTest(seeds = 100)
    void aHandlerThatWasHeldUpIsCalledAgain(Simulation simulation) {
        Random random = new Random(simulation.seed());
        simulation.faults(NetworkFaults.none().withFailingAccepts(0.1).withSlowAccepts(0.2));
        SimulatedHost server = simulation.host("server");
        List<Transport> accepted = new ArrayList<>();
        int[] calls = {0};
        Network.Listener listener = server.run(() -> listen(server));
        server.run(() -> {
            listener.start(connection -> {
                accepted.add(connection);
                calls[0]++;
                assertThat(calls[0]).isEqualTo(1);
                if (random.nextInt(3) > 0) {
                    holdUp(random.nextInt(4));
                }
                calls[0]--;
            });
            return true;
        });
        for (int i = 0; i < CLIENTS; i++) {
            Duration wait = Duration.ofMillis(random.nextInt(20));
            simulation.host("client " + i % 3).start(() -> comeAfter(wait));
        }

        simulation.runUntil(() -> accepted.size() == CLIENTS);
        server.run(() -> {
            listener.close();
            accepted.forEach(Transport::close);
            return true;
        });

        assertThat(accepted).doesNotHaveDuplicates();
    }

    private static Network.Listener listen(SimulatedHost server) throws Exception {
        return Network.LOCAL
                .get(server.loop())
                .listen(
                        server.loop(),
                        new InetSocketAddress(server.address(), 9000),
                        ListenOptions.defaults());
    }

    /// Blocks for so many turns.
    private static void holdUp(int turns) {
        Semaphore gate = new Semaphore(0);
        releaseAfter(IOLoop.current(), turns, gate);
        gate.acquireUninterruptibly();
    }

    private static void releaseAfter(IOLoop loop, int turns, Semaphore gate) {
        loop.addCallback(() -> {
            if (turns == 0) {
                gate.release();
            } else {
                releaseAfter(loop, turns - 1, gate);
            }
        });
    }

    private static int comeAfter(Duration wait) {
        Task.sleep(wait);
        try (IOStream stream = TcpClient.connect("server", 9000).await()) {
            return stream.readUntilClose().await().length;
        }
    }
}

package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.net.TcpServer;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// A race in an application, a message lost when a connection breaks: the simulator finds it, and
/// the seed shows it again.
class ReconnectTest {

    private static final int MESSAGES = 30;

    /// In how many seeds the race must be found.
    private static final int SEEDS = 20;

    /// Returns whether all messages came.
    private static boolean carriesAll(Simulation simulation, Courier courier) {
        simulation.faults(NetworkFaults.harsh().withResets(0.05));
        SimulatedHost host = simulation.host("server");
        TcpServer server = host.run(() -> courier.server().listen(9000));

        simulation.host("client").run(() -> courier.deliver(MESSAGES));
        host.run(() -> {
            server.close();
            return true;
        });

        return courier.delivered().stream().distinct().count() == MESSAGES;
    }

    private static boolean careless(long seed) {
        try (Simulation simulation = new Simulation(seed)) {
            return carriesAll(simulation, new Courier(true));
        }
    }

    @Test
    void theCarelessCourierIsFoundOutAndTheSeedShowsItAgain() {
        Optional<Long> losing =
                LongStream.range(0, SEEDS).boxed().filter(seed -> !careless(seed)).findFirst();

        assertThat(losing).isPresent();
        for (int i = 0; i < 3; i++) {
            assertThat(careless(losing.get())).isFalse();
        }
    }

    @SimTest(seeds = 200)
    void theCarefulCourierLosesNothing(Simulation simulation) {
        assertThat(carriesAll(simulation, new Courier(false))).isTrue();
    }
}

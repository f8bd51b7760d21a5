package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Task;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future.State;
import org.junit.jupiter.api.Test;

/// The chat demo on a network where everything comes late and in pieces: everybody who is in the
/// room gets each line once, in the order in which its author wrote.
class ChatSimulationTest {

    private static final int GUESTS = 6;
    private static final int LINES = 5;

    /// A program that talks in the room.
    private static final class Guest {

        private final String name;
        private final Random random;
        private final List<String> heard = new ArrayList<>();

        Guest(int number, long seed) {
            name = "guest " + number;
            random = new Random(seed + number);
        }

        /// Comes in, and waits for its own greeting: then it is in the room.
        IOStream enter() {
            IOStream stream = TcpClient.connect("server", 8000).await();
            stream.write(name + "\n");
            String greeting = "";
            while (!greeting.equals(name)) {
                greeting = stream.readLine().await();
            }
            return stream;
        }

        /// Speaks, and leaves when it has heard everybody out.
        boolean stay(IOStream entered, int linesExpected) {
            try (IOStream stream = entered) {
                for (int i = 0; i < LINES; i++) {
                    stream.write("%s: %d\n".formatted(name, i));
                    Task.sleep(Duration.ofMillis(random.nextInt(500)));
                }
                while (heard.size() < linesExpected) {
                    String line = stream.readLine().await();
                    if (line.contains(":")) {
                        heard.add(line);
                    }
                }
                return true;
            }
        }

        boolean visit() {
            try (IOStream stream = TcpClient.connect("server", 8000).await()) {
                Task.sleep(Duration.ofMillis(random.nextInt(500)));
                return stream.isOpen();
            }
        }
    }

    @SimTest(seeds = 200)
    void everybodyHearsEachLineOnceAndInOrder(Simulation simulation) {
        run(simulation);
    }

    /// Whom the room tells a line first must not depend on where objects are in memory.
    @Test
    void theSameSeedGivesTheSameRun() {
        try (Simulation one = new Simulation(42);
                Simulation other = new Simulation(42)) {
            run(one);
            run(other);

            assertThat(other.trace()).isEqualTo(one.trace());
        }
    }

    private static void run(Simulation simulation) {
        SimulatedHost host = simulation.host("server");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        TcpServer server = host.run(() -> new Chat(nowhere).server().listen(8000));
        List<Guest> guests = new ArrayList<>();
        List<Task<Boolean>> stays = new ArrayList<>();
        simulation.faults(NetworkFaults.harsh());
        List<IOStream> entered = new ArrayList<>();
        for (int i = 0; i < GUESTS; i++) {
            Guest guest = new Guest(i, simulation.seed());
            guests.add(guest);
            entered.add(simulation.host(guest.name).run(guest::enter));
        }
        for (int i = 0; i < GUESTS; i++) {
            Guest guest = guests.get(i);
            IOStream stream = entered.get(i);
            stays.add(simulation.host(guest.name).start(() -> guest.stay(stream, GUESTS * LINES)));
        }
        for (int i = 0; i < GUESTS; i++) {
            Guest visitor = new Guest(GUESTS + i, simulation.seed());
            simulation.host(visitor.name).start(visitor::visit);
        }

        simulation.advance(Duration.ofMinutes(2));

        host.run(() -> {
            server.close();
            return true;
        });
        for (Guest guest : guests) {
            assertThat(guest.heard).hasSize(GUESTS * LINES).doesNotHaveDuplicates();
            for (Guest author : guests) {
                assertThat(guest.heard)
                        .filteredOn(line -> line.startsWith(author.name + ":"))
                        .isSorted()
                        .hasSize(LINES);
            }
        }
        assertThat(stays).allMatch(stay -> stay.state() == State.SUCCESS);
    }
}

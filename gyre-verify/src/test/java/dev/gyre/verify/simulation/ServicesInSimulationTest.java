package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.Resolver;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Clients that try several addresses, and servers with all their limits.
class ServicesInSimulationTest {

    // Clients.

    /// What an address leads to.
    private enum Way {
        SERVER,
        NOBODY_LISTENS,
        NO_ROUTE,
        NO_ANSWER
    }

    private record Target(Way way, InetAddress address) {}

    private static Target drawTarget(Simulation simulation, Random random) {
        Way way = Way.values()[random.nextInt(Way.values().length)];
        boolean isV6 = random.nextBoolean();
        if (way == Way.NO_ROUTE) {
            return new Target(way, InetAddress.ofLiteral(isV6 ? "fd00::ffff" : "10.9.9.9"));
        }
        SimulatedHost host = simulation.host(way.name());
        return new Target(way, isV6 ? host.addressV6() : host.address());
    }

    /// Returns whether one of the addresses is the server's, however silent the others are.
    private static boolean isReachable(List<Target> targets) {
        return targets.stream().anyMatch(target -> target.way == Way.SERVER);
    }

    private static boolean isUnanswered(List<Target> targets) {
        return targets.stream().anyMatch(target -> target.way == Way.NO_ANSWER);
    }

    /// The client gets to the server if it can, in the time that the race takes; else it is told
    /// so, at once or when its deadline comes; and nothing is left open either way.
    @SimTest(seeds = 200)
    void aClientGetsToTheServerByOneOfItsAddresses(Simulation simulation) {
        Random random = new Random(simulation.seed());
        SimulatedHost host = simulation.host(Way.SERVER.name());
        SimulatedHost client = simulation.host("client");
        SimulatedHost silent = simulation.host(Way.NO_ANSWER.name());
        TcpServer server = host.run(() -> new TcpServer(IOStream::readUntilClose).listen(9000));
        TcpServer late = silent.run(() -> new TcpServer(IOStream::readUntilClose).listen(9000));
        simulation.faults(NetworkFaults.harsh());
        simulation.part(client, silent);
        List<Target> targets = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            targets.add(drawTarget(simulation, random));
        }
        Duration limit = Duration.ofSeconds(10);

        Duration begun = simulation.elapsed();
        String end = client.run(() -> connect(targets, limit));
        Duration took = simulation.elapsed().minus(begun);
        simulation.rejoin(client, silent);
        simulation.advance(Duration.ofSeconds(30));
        int left = host.run(server::connectionCount) + silent.run(late::connectionCount);
        close(host, server);
        close(silent, late);

        if (isReachable(targets)) {
            assertThat(end).isEqualTo("connected");
            assertThat(took).isLessThan(Duration.ofMillis(300 + 400 * targets.size()));
        } else if (isUnanswered(targets)) {
            assertThat(end).isEqualTo("late");
            assertThat(took).isEqualTo(limit);
        } else {
            assertThat(end).isEqualTo("failed " + targets.size());
        }
        assertThat(left).isZero();
    }

    private static String connect(List<Target> targets, Duration limit) {
        List<InetAddress> addresses = targets.stream().map(Target::address).toList();
        Resolver resolver = (loop, name) -> LoopFuture.completed(loop, addresses);
        ConnectOptions options = ConnectOptions.defaults().withResolver(resolver);
        try (IOStream stream = TcpClient.connect("server", 9000, options).await(limit)) {
            return stream.isOpen() ? "connected" : "closed";
        } catch (DeadlineExceededException e) {
            return "late";
        } catch (UncheckedIOException e) {
            // The failures of all addresses are counted.
            return "failed " + (1 + e.getCause().getSuppressed().length);
        }
    }

    private static void close(SimulatedHost host, TcpServer server) {
        host.run(() -> {
            server.close();
            return true;
        });
    }

    // Servers.

    private static final Duration IDLE = Duration.ofSeconds(20);

    /// A server, and what it saw.
    private static final class Desk {

        private final Simulation simulation;
        private final int limit;
        private final TcpServer server;
        private final List<String> wrong = new ArrayList<>();

        /// How many handlers run.
        private int serving;

        Desk(Simulation simulation, int limit) {
            this.simulation = simulation;
            this.limit = limit;
            server = new TcpServer(this::serve).withConnectionsMax(limit).withIdleTimeout(IDLE);
        }

        private void serve(IOStream stream) {
            StreamAudit audit = new StreamAudit(simulation, stream);
            serving++;
            try {
                if (serving > limit || server.connectionCount() > limit) {
                    wrong.add("%d connections are served".formatted(serving));
                }
                while (true) {
                    audit.write(audit.read(in -> in.readUntil("\n")).await());
                }
            } finally {
                serving--;
            }
        }
    }

    /// A client that asks some questions, and then leaves, or says nothing until it is thrown out.
    private static String visit(Simulation simulation, Random random, boolean leaves) {
        try (IOStream stream = TcpClient.connect("server", 9000).await()) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                stream.write(i + "\n");
                assertThat(stream.readLine().await()).isEqualTo(i + "");
                TimerAudit.sleep(Duration.ofMillis(random.nextInt(5000)));
            }
            Duration begun = simulation.elapsed();
            if (leaves) {
                return "left";
            }
            stream.readUntilClose().await();
            // It counts from the last echo, which was under way and a sleep ago.
            Duration idle = simulation.elapsed().minus(begun).plus(Duration.ofSeconds(6));
            return idle.compareTo(IDLE) < 0 ? "thrown out early" : "thrown out";
        } catch (StreamClosedException e) {
            return "broken";
        } catch (UncheckedIOException e) {
            return "refused";
        }
    }

    /// All are served in turn, at most so many at once, and who is idle makes room for the others.
    @SimTest(seeds = 200)
    void aServerKeepsItsLimitAndServesEverybody(Simulation simulation) {
        Random random = new Random(simulation.seed());
        simulation.faults(NetworkFaults.harsh());
        Desk desk = new Desk(simulation, 1 + random.nextInt(3));
        SimulatedHost host = simulation.host("server");
        host.run(() -> desk.server.listen(9000));
        List<Task<String>> visits = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Random own = new Random(random.nextLong());
            boolean leaves = random.nextBoolean();
            expected.add(leaves ? "left" : "thrown out");
            visits.add(simulation.host("client " + i).start(() -> visit(simulation, own, leaves)));
        }

        simulation.runUntil(() -> visits.stream().allMatch(Task::isDone));
        simulation.advance(Duration.ofSeconds(30));
        int left = host.run(desk.server::connectionCount);
        close(host, desk.server);

        assertThat(visits.stream().map(Task::resultNow)).isEqualTo(expected);
        assertThat(desk.wrong).isEmpty();
        assertThat(left).isZero();
        assertThat(desk.serving).isZero();
    }

    /// A shutdown ends when the last handler has, or when its time is up; then it tells who was
    /// left, and nobody is served any more.
    @SimTest(seeds = 200)
    void aShutdownTakesAtMostItsTimeAndTellsWhoWasLeft(Simulation simulation) {
        Random random = new Random(simulation.seed());
        simulation.faults(NetworkFaults.harsh().withResets(0.01));
        Desk desk = new Desk(simulation, 1 + random.nextInt(4));
        SimulatedHost host = simulation.host("server");
        host.run(() -> desk.server.listen(9000));
        for (int i = 0; i < 6; i++) {
            Random own = new Random(random.nextLong());
            boolean leaves = random.nextInt(4) > 0;
            simulation.host("client " + i).start(() -> visit(simulation, own, leaves));
        }
        simulation.advance(Duration.ofMillis(random.nextInt(20_000)));
        Duration grace = Duration.ofMillis(random.nextInt(10_000));

        Duration begun = simulation.elapsed();
        int open = host.run(desk.server::connectionCount);
        List<SocketAddress> left = host.run(() -> desk.server.shutdown(grace).await());
        Duration took = simulation.elapsed().minus(begun);
        int openAfter = host.run(desk.server::connectionCount);
        simulation.advance(Duration.ofMinutes(1));

        if (left.isEmpty()) {
            assertThat(took).isLessThanOrEqualTo(grace);
        } else {
            assertThat(took).isEqualTo(grace);
            assertThat(left).hasSizeLessThanOrEqualTo(open).doesNotHaveDuplicates();
        }
        assertThat(openAfter).isZero();
        assertThat(desk.serving).isZero();
        assertThat(desk.wrong).isEmpty();
    }
}

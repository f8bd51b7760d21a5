package dev.gyre.bench.process;

import dev.gyre.bench.peers.KeyStoreFile;
import dev.gyre.bench.peers.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import javax.net.ssl.SSLContext;

/// All scenarios.
final class Scenarios {

    private static final int CLIENTS = 64;
    private static final int LINE_SIZE = 64;
    private static final int IDLE_CLIENTS = 8000;
    private static final int READERS = 1000;
    private static final int MILD_CLIENTS = 500;
    private static final int MILD_LINES = 60;

    /// A rate at which any server has time to rest.
    private static final int FAIR_LINES_PER_SECOND = 10_000;

    private static final String PER_MESSAGE = "us of CPU per message";
    private static final EchoClient.Message LINE = new EchoClient.Message(LINE_SIZE, 1);

    private static final List<Scenario> ALL =
            List.of(
                    echo(1),
                    echo(16),
                    blocks(),
                    tls(1),
                    tls(16),
                    mostlyIdle(),
                    churn(),
                    chat(),
                    latency(50),
                    latency(90),
                    fairness(),
                    startUp(),
                    idleMemory(),
                    idleMemoryMild());

    private Scenarios() {}

    /// Returns all scenarios, the most telling first.
    static List<Scenario> all() {
        return ALL;
    }

    private static Scenario echo(int depth) {
        var message = new EchoClient.Message(LINE_SIZE, depth);
        return new Scenario(
                "line-echo-" + depth,
                "%d clients send lines of %d bytes, each with %d in flight"
                        .formatted(CLIENTS, LINE_SIZE, depth),
                PER_MESSAGE,
                Service.LINES,
                Subjects.FLOOR,
                load((server, _) -> clear(server, message)));
    }

    private static Scenario.Trial load(LoadTrial.LoadFactory factory) {
        return new LoadTrial(factory, 1);
    }

    private static EchoLoad clear(InetSocketAddress server, EchoClient.Message message)
            throws IOException {
        return new EchoLoad(server, CLIENTS, message, EchoLoad.Dial::clear);
    }

    private static Scenario blocks() {
        var message = new EchoClient.Message(Service.BLOCK_SIZE, 1);
        return new Scenario(
                "block-echo",
                "%d clients send blocks of 16 kB, each with 1 in flight".formatted(CLIENTS),
                "us of CPU per block",
                Service.BLOCKS,
                Subjects.FLOOR,
                load((server, _) -> clear(server, message)));
    }

    private static Scenario tls(int depth) {
        var message = new EchoClient.Message(LINE_SIZE, depth);
        return new Scenario(
                "tls-echo-" + depth,
                "%d clients send lines of %d bytes over TLS, each with %d in flight"
                        .formatted(CLIENTS, LINE_SIZE, depth),
                PER_MESSAGE,
                Service.TLS,
                Subjects.NETTY,
                new LoadTrial((server, plan) -> secured(server, plan, message), 3));
    }

    private static EchoLoad secured(InetSocketAddress server, Plan plan, EchoClient.Message message)
            throws IOException {
        SSLContext context = KeyStoreFile.clientContext(plan.keyStore());
        return new EchoLoad(
                server, CLIENTS, message, to -> new TlsWire(SocketChannel.open(to), context));
    }

    private static Scenario mostlyIdle() {
        return new Scenario(
                "mostly-idle",
                "as line-echo-1, and %,d connections that say nothing".formatted(IDLE_CLIENTS),
                PER_MESSAGE,
                Service.LINES,
                Subjects.FLOOR,
                load((server, _) ->
                        new CrowdedLoad(
                                new IdleClients(server, IDLE_CLIENTS), clear(server, LINE))));
    }

    private static Scenario churn() {
        return new Scenario(
                "churn",
                "%d clients connect, get one line echoed, leave, and come again".formatted(CLIENTS),
                "us of CPU per connection",
                Service.LINES,
                Subjects.FLOOR,
                new LoadTrial((server, _) -> new ChurnLoad(server, CLIENTS, LINE_SIZE), 2));
    }

    private static Scenario chat() {
        return new Scenario(
                "chat",
                "one client sends lines of %d bytes that %,d others get"
                        .formatted(LINE_SIZE, READERS),
                "us of CPU per line and reader",
                Service.CHAT,
                Subjects.FLOOR,
                load((server, _) -> new FanOutLoad(server, READERS, LINE_SIZE)));
    }

    private static Scenario latency(int percent) {
        return new Scenario(
                "latency-" + percent,
                "%d clients send lines of %d bytes, at %d %% of what line-echo-1 takes at most"
                        .formatted(CLIENTS, LINE_SIZE, percent),
                "us of p99 latency",
                Service.LINES,
                Subjects.FLOOR,
                new LatencyTrial(percent / 100.0, CLIENTS, LINE_SIZE));
    }

    private static Scenario fairness() {
        return new Scenario(
                "fairness",
                "%,d clients send %,d lines a second in all; then one more floods the server"
                        .formatted(READERS, FAIR_LINES_PER_SECOND),
                "times the p99 latency without the flood",
                Service.LINES,
                Subjects.FLOOR,
                new FairnessTrial(READERS, LINE_SIZE, FAIR_LINES_PER_SECOND));
    }

    private static Scenario startUp() {
        return new Scenario(
                "start-up",
                "from the start of the process to the first echo",
                "ms",
                Service.LINES,
                Subjects.NETTY,
                new StartUpTrial());
    }

    private static Scenario idleMemory() {
        return new Scenario(
                "idle-memory",
                "%,d connections that were served once and wait".formatted(IDLE_CLIENTS),
                "kB of resident memory per connection",
                Service.LINES,
                Subjects.NETTY,
                new IdleMemoryTrial(
                        IDLE_CLIENTS,
                        IdleMemoryTrial.WarmUp.whole(
                                (server, _) -> clear(server, LINE), 3 * IDLE_CLIENTS)));
    }

    private static Scenario idleMemoryMild() {
        return new Scenario(
                "idle-memory-mild",
                "the same after %d connections with %d lines each: little is compiled"
                        .formatted(MILD_CLIENTS, MILD_LINES),
                "kB of resident memory per connection",
                Service.LINES,
                Subjects.NETTY,
                new IdleMemoryTrial(
                        IDLE_CLIENTS, IdleMemoryTrial.WarmUp.visitors(MILD_CLIENTS, MILD_LINES)));
    }
}

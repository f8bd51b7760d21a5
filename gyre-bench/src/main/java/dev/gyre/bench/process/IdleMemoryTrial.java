package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Measures what a connection takes in memory that has been served once and then waits: resident
/// memory, and of JVMs the bytes alive in the heap. Both are differences to the same server, warmed
/// up and with collected garbage, without those connections.
///
/// The frames of a stack that waits are several times as large before their code is compiled. So
/// what a connection takes depends on what the server did before.
///
/// @param connections how many wait
/// @param warmUp has the server work before that
record IdleMemoryTrial(int connections, WarmUp warmUp) implements Scenario.Trial {

    /// How many connections that warm the server up are there at once: few, since what a crowd
    /// leaves behind stays resident.
    private static final int GROUP = 64;

    private static final Duration LEAVING_MAX = Duration.ofSeconds(10);

    private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

    /// Has a server work before its memory is measured, for connections that are gone in the end.
    @FunctionalInterface
    interface WarmUp {

        void run(InetSocketAddress server, Plan plan) throws IOException;

        /// Returns a warm-up by a load, and then by as many connections as these that each send one
        /// line: all that the server runs is compiled.
        static WarmUp whole(LoadTrial.LoadFactory factory, int connections) {
            return (server, plan) -> {
                try (Load load = factory.connect(server, plan)) {
                    load.begin();
                    load.run(plan.warmUp());
                }
                visitors(connections, 1).run(server, plan);
            };
        }

        /// Returns a warm-up by so many connections, of which each sends so many lines, and waits
        /// for each to come back.
        static WarmUp visitors(int connections, int lines) {
            return (server, _) -> {
                for (int come = 0; come < connections; come += GROUP) {
                    int count = Math.min(GROUP, connections - come);
                    try (IdleClients clients = new IdleClients(server, count)) {
                        for (int line = 1; line < lines; line++) {
                            clients.visitAgain();
                        }
                    }
                }
            };
        }
    }

    /// What a server takes in memory.
    private record Memory(long residentBytes, OptionalLong heapBytes) {

        /// A histogram counts the living, for which it collects all garbage first.
        static Memory of(ServerProcess server) throws IOException {
            OptionalLong heap = OptionalLong.empty();
            if (server.isJvm()) {
                String pid = Long.toString(server.pid());
                Matcher total =
                        TOTAL.matcher(Tools.run(Tools.ofJdk("jcmd"), pid, "GC.class_histogram"));
                heap = total.find() ? OptionalLong.of(Long.parseLong(total.group(1))) : heap;
            }
            return new Memory(server.residentBytes(), heap);
        }
    }

    @Override
    public Sample run(Scenario.ServerStart start, Plan plan) throws IOException {
        try (ServerProcess server = start.start()) {
            long sockets = server.sockets();
            warmUp.run(server.address(), plan);
            awaitLeaving(server, sockets);
            Memory before = Memory.of(server);
            try (IdleClients _ = new IdleClients(server.address(), connections)) {
                Memory after = Memory.of(server);
                return sample(before, after);
            }
        }
    }

    /// Waits until the server has closed the connections of those who left.
    private static void awaitLeaving(ServerProcess server, long sockets) throws IOException {
        long giveUpAt = System.nanoTime() + LEAVING_MAX.toNanos();
        while (server.sockets() > sockets) {
            if (System.nanoTime() > giveUpAt) {
                throw new IOException("the server keeps connections whose peers have left");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Sample sample(Memory before, Memory after) throws IOException {
        long resident = after.residentBytes() - before.residentBytes();
        if (after.residentBytes() == 0) {
            throw new IOException("this system does not tell the memory of a process");
        }
        Map<String, Double> details = new LinkedHashMap<>();
        if (before.heapBytes().isPresent() && after.heapBytes().isPresent()) {
            long heap = after.heapBytes().getAsLong() - before.heapBytes().getAsLong();
            details.put("heap kB", heap / 1e3 / connections);
        }
        details.put("before MB", before.residentBytes() / 1e6);
        details.put("after MB", after.residentBytes() / 1e6);
        return new Sample(resident / 1e3 / connections, details, null, false);
    }
}

package dev.gyre.bench.process;

import java.io.IOException;
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
/// @param connections how many wait
/// @param factory connects the clients that warm the server up
record IdleMemoryTrial(int connections, LoadTrial.LoadFactory factory) implements Scenario.Trial {

    /// How many times as many connections come and go before the count, so that the code which
    /// begins a connection is compiled: the frames of a stack that waits are several times as large
    /// before.
    private static final int WARM_UP_ROUNDS = 3;

    /// How many of them are there at once: few, since what a crowd leaves behind stays resident.
    private static final int GROUP = 64;

    private static final Duration LEAVING_MAX = Duration.ofSeconds(10);

    private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

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
            try (Load load = factory.connect(server.address(), plan)) {
                load.begin();
                load.run(plan.warmUp());
            }
            long sockets = server.sockets();
            for (int come = 0; come < WARM_UP_ROUNDS * connections; come += GROUP) {
                new IdleClients(server.address(), GROUP).close();
            }
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

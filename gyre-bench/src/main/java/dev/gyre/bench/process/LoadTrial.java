package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Keeps a server busy, and measures its CPU time per message.
///
/// @param factory connects the clients
/// @param warmUps how many times the plan's warm-up it takes: more code takes longer to compile
record LoadTrial(LoadFactory factory, int warmUps) implements Scenario.Trial {

    /// A load generator that uses that much of its core is the bottleneck if the server uses less
    /// of its own than [#SERVER_BUSY]. In between both are about as busy, and waits are too rare to
    /// matter.
    private static final double LOAD_BUSY = 0.97;

    private static final double SERVER_BUSY = 0.95;

    /// The head of the column that tells how busy the rest of the machine was.
    static final String OTHERS = "others %";

    /// Connects the clients of a server.
    @FunctionalInterface
    interface LoadFactory {

        Load connect(InetSocketAddress server, Plan plan) throws IOException;
    }

    @Override
    public Sample run(Scenario.ServerStart start, Plan plan) throws IOException {
        try (ServerProcess server = start.start();
                Load load = factory.connect(server.address(), plan)) {
            load.begin();
            warmUp(server, load, plan.warmUp().multipliedBy(warmUps));
            CpuClock own = new CpuClock(ProcessHandle.current());
            long machineBefore = Surroundings.busyNanos();
            long ownBefore = own.nanos();
            long serverBefore = server.cpuNanos();
            Load.Window window = load.run(plan.window());
            long serverNanos = server.cpuNanos() - serverBefore;
            long ownNanos = own.nanos() - ownBefore;
            long machineNanos = Surroundings.busyNanos() - machineBefore;
            return sample(window, serverNanos, ownNanos, machineNanos);
        }
    }

    /// Lets the server work for so much CPU time: on a machine that is busy with other things it
    /// has not compiled its code after so much time of the clock. Gives up after twice that.
    private static void warmUp(ServerProcess server, Load load, Duration length)
            throws IOException {
        long goal = server.cpuNanos() + length.toNanos();
        Duration slice = length.dividedBy(10);
        for (int slices = 0; slices < 20 && server.cpuNanos() < goal; slices++) {
            load.run(slice);
        }
    }

    private static Sample sample(
            Load.Window window, long serverNanos, long ownNanos, long machineNanos) {
        double serverShare = (double) serverNanos / window.nanos();
        double ownShare = (double) ownNanos / window.nanos();
        Map<String, Double> details = new LinkedHashMap<>();
        details.put("msg/s", window.messages() * 1e9 / window.nanos());
        details.put("p50 us", window.latencies().getValueAtPercentile(50) / 1e3);
        details.put("p99 us", window.latencies().getValueAtPercentile(99) / 1e3);
        details.put("p99.9 us", window.latencies().getValueAtPercentile(99.9) / 1e3);
        details.put("server %", serverShare * 100);
        details.put("load %", ownShare * 100);
        long othersNanos = Math.max(0, machineNanos - serverNanos - ownNanos);
        details.put(OTHERS, othersNanos * 100.0 / window.nanos());
        boolean isLoadBound = ownShare >= LOAD_BUSY && serverShare < SERVER_BUSY;
        return new Sample(
                serverNanos / 1e3 / window.messages(), details, window.latencies(), isLoadBound);
    }
}

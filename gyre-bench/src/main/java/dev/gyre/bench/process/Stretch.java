package dev.gyre.bench.process;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// A stretch of time in which a server was kept busy, and who used the processor meanwhile.
///
/// @param window what the clients saw
/// @param serverNanos the CPU time of the server
/// @param ownNanos the CPU time of the load generator
/// @param othersNanos the CPU time of the rest of the machine
record Stretch(Load.Window window, long serverNanos, long ownNanos, long othersNanos) {

    /// A load generator that uses that much of its core is the bottleneck if the server uses less
    /// of its own than [#SERVER_BUSY]. In between both are about as busy, and waits are too rare to
    /// matter.
    private static final double LOAD_BUSY = 0.97;

    private static final double SERVER_BUSY = 0.95;

    /// The head of the column that tells how busy the rest of the machine was.
    static final String OTHERS = "others %";

    /// Lets the server work for so much CPU time: on a machine that is busy with other things it
    /// has not compiled its code after so much time of the clock. Gives up after twice that.
    static void warmUp(ServerProcess server, Load load, Duration length) throws IOException {
        long goal = server.cpuNanos() + length.toNanos();
        Duration slice = length.dividedBy(10);
        for (int slices = 0; slices < 20 && server.cpuNanos() < goal; slices++) {
            load.run(slice);
        }
    }

    /// Lets what came before be over. The load generator collects now, and not while it measures:
    /// to clients, a pause of theirs is one of the server. What was in flight has waited for that.
    static void settle(Load load, Duration window) throws IOException {
        System.gc();
        load.run(window.dividedBy(10));
    }

    /// Keeps the server busy for so long by the clock.
    static Stretch measure(ServerProcess server, Load load, Duration length) throws IOException {
        CpuClock own = new CpuClock(ProcessHandle.current());
        long machineBefore = Surroundings.busyNanos();
        long ownBefore = own.nanos();
        long serverBefore = server.cpuNanos();
        Load.Window window = load.run(length);
        long serverNanos = server.cpuNanos() - serverBefore;
        long ownNanos = own.nanos() - ownBefore;
        long machineNanos = Surroundings.busyNanos() - machineBefore;
        return new Stretch(
                window, serverNanos, ownNanos, Math.max(0, machineNanos - serverNanos - ownNanos));
    }

    double perSecond() {
        return window.messages() * 1e9 / window.nanos();
    }

    /// Returns whether the server had all of its core.
    boolean isServerBusy() {
        return serverNanos >= SERVER_BUSY * window.nanos();
    }

    /// Returns whether the server had to wait for a load generator that was as fast as it can.
    boolean isLoadBound() {
        return ownNanos >= LOAD_BUSY * window.nanos() && !isServerBusy();
    }

    /// Returns the columns that tell how long answers took.
    ///
    /// @param prefix goes before each head
    static Map<String, Double> latencies(String prefix, Histogram latencies) {
        Map<String, Double> details = new LinkedHashMap<>();
        for (String percentile : new String[] {"50", "99", "99.9"}) {
            double nanos = latencies.getValueAtPercentile(Double.parseDouble(percentile));
            details.put("%sp%s us".formatted(prefix, percentile), nanos / 1e3);
        }
        return details;
    }

    /// Returns the columns that tell who used how much of a core.
    Map<String, Double> shares() {
        Map<String, Double> details = new LinkedHashMap<>();
        details.put("server %", percent(serverNanos));
        details.put("load %", percent(ownNanos));
        details.put(OTHERS, percent(othersNanos));
        return details;
    }

    private double percent(long nanos) {
        return nanos * 100.0 / window.nanos();
    }
}

package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/// Measures how long a server's answers take when it has less to do than it can. First it finds out
/// how much that is: clients that each keep one line in flight, which is as fast as one line for
/// each system call goes. More in flight would come in batches, which lines that arrive one by one
/// never do. Then other clients send a share of that, at fixed intervals, whatever comes back.
///
/// @param share which part of the capacity
/// @param clients how many clients
/// @param lineSize in bytes, the newline included
record LatencyTrial(double share, int clients, int lineSize) implements Scenario.Trial {

    private static final double JUDGED_PERCENTILE = 99;

    @Override
    public Sample run(Scenario.ServerStart start, Plan plan) throws IOException {
        try (ServerProcess server = start.start()) {
            Stretch busiest = saturate(server, plan);
            double perSecond = share * busiest.perSecond();
            InetSocketAddress address = server.address();
            try (PacedLoad load = new PacedLoad(address, clients, lineSize, perSecond)) {
                // The connections are new, and so is that the server waits; its code is compiled.
                load.run(plan.warmUp().dividedBy(4));
                Stretch.settle(load, plan.window());
                return sample(busiest, load, Stretch.measure(server, load, plan.window()));
            }
        }
    }

    private Stretch saturate(ServerProcess server, Plan plan) throws IOException {
        var line = new EchoClient.Message(lineSize, 1);
        try (EchoLoad load = new EchoLoad(server.address(), clients, line, EchoLoad.Dial::clear)) {
            load.begin();
            Stretch.warmUp(server, load, plan.warmUp());
            Stretch.settle(load, plan.window());
            return Stretch.measure(server, load, plan.window());
        }
    }

    private static Sample sample(Stretch busiest, PacedLoad load, Stretch paced) {
        Load.Window window = paced.window();
        Map<String, Double> details = new LinkedHashMap<>();
        details.put("capacity/s", busiest.perSecond());
        details.put("sent/s", load.rate());
        details.putAll(Stretch.latencies("", window.latencies()));
        details.put(PacedLoad.LAG, load.lagMicros());
        details.putAll(paced.shares());
        return new Sample(
                window.latencies().getValueAtPercentile(JUDGED_PERCENTILE) / 1e3,
                details,
                window.latencies(),
                load.isLate(window) || busiest.isLoadBound());
    }
}

package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/// Keeps a server busy, and measures its CPU time per message.
///
/// @param factory connects the clients
/// @param warmUps how many times the plan's warm-up it takes: more code takes longer to compile
record LoadTrial(LoadFactory factory, int warmUps) implements Scenario.Trial {

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
            Stretch.warmUp(server, load, plan.warmUp().multipliedBy(warmUps));
            Stretch.settle(load, plan.window());
            return sample(Stretch.measure(server, load, plan.window()));
        }
    }

    private static Sample sample(Stretch stretch) {
        Load.Window window = stretch.window();
        Map<String, Double> details = new LinkedHashMap<>();
        details.put("msg/s", stretch.perSecond());
        details.putAll(Stretch.latencies("", window.latencies()));
        details.putAll(stretch.shares());
        return new Sample(
                stretch.serverNanos() / 1e3 / window.messages(),
                details,
                window.latencies(),
                stretch.isLoadBound());
    }
}

package dev.gyre.bench.process;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/// Measures the time from the start of a process to the first echo that a client gets. Gyre is
/// started by its launcher, whose own work counts too.
record StartUpTrial() implements Scenario.Trial {

    @Override
    public Subject.Launch launch(Subject subject) {
        return subject.name().equals(Subjects.GYRE) ? Subjects::launchedGyre : subject.launch();
    }

    @Override
    public Sample run(Scenario.ServerStart start, Plan plan) throws IOException {
        long before = System.nanoTime();
        try (ServerProcess server = start.start();
                SocketChannel channel = SocketChannel.open(server.address())) {
            IdleClients.visit(channel);
            double millis = (System.nanoTime() - before) / 1e6;
            Map<String, Double> details = new LinkedHashMap<>();
            details.put("CPU ms", server.cpuNanos() / 1e6);
            details.put("resident MB", server.residentBytes() / 1e6);
            return new Sample(millis, details, null, false);
        }
    }
}

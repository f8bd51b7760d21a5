package dev.gyre.bench.process;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// Measures what one client that floods costs the others: how long they wait with it, as a multiple
/// of how long they wait without it. They send little, at fixed intervals.
///
/// @param clients how many the others are
/// @param lineSize in bytes, the newline included
/// @param perSecond how many lines they send together
record FairnessTrial(int clients, int lineSize, double perSecond) implements Scenario.Trial {

    private static final double JUDGED_PERCENTILE = 99;

    @Override
    public Sample run(Scenario.ServerStart start, Plan plan) throws IOException {
        try (ServerProcess server = start.start();
                PacedLoad load = new PacedLoad(server.address(), clients, lineSize, perSecond)) {
            Flood flood = load.addFlood(server.address());
            flood.begin();
            Stretch.warmUp(server, load, plan.warmUp());
            flood.pause();
            Stretch.settle(load, plan.window());
            Stretch calm = Stretch.measure(server, load, plan.window());
            boolean isLate = load.isLate(calm.window());
            flood.begin();
            Stretch.settle(load, plan.window());
            flood.takeAnswered();
            Stretch flooded = Stretch.measure(server, load, plan.window());
            isLate |= load.isLate(flooded.window()) || !flooded.isServerBusy();
            Map<String, Double> lag = Map.of(PacedLoad.LAG, load.lagMicros());
            return sample(calm, flooded, flood.takeAnswered(), lag, isLate);
        }
    }

    private static Sample sample(
            Stretch calm, Stretch flooded, long lines, Map<String, Double> lag, boolean isLate) {
        Histogram with = flooded.window().latencies();
        Histogram without = calm.window().latencies();
        Map<String, Double> details = new LinkedHashMap<>();
        details.putAll(Stretch.latencies("", without));
        details.putAll(Stretch.latencies("flooded ", with));
        details.put("flood lines/s", lines * 1e9 / flooded.window().nanos());
        details.putAll(lag);
        details.putAll(flooded.shares());
        double factor =
                (double) with.getValueAtPercentile(JUDGED_PERCENTILE)
                        / without.getValueAtPercentile(JUDGED_PERCENTILE);
        return new Sample(factor, details, with, isLate);
    }
}

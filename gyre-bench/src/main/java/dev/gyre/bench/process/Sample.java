package dev.gyre.bench.process;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What one process cost in one scenario.
///
/// @param cost the figure that is judged, in the unit of the scenario
/// @param details what else was seen, by the heads of the table's columns, in their order
/// @param latencies how long answers took, in nanoseconds; null if the scenario does not ask
/// @param isLoadBound whether the server had to wait for the load generator
record Sample(
        double cost,
        Map<String, Double> details,
        @Nullable Histogram latencies,
        boolean isLoadBound) {}

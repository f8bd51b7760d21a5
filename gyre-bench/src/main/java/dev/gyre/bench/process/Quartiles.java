package dev.gyre.bench.process;

import java.util.Arrays;
import java.util.Collection;

/// The middle half of some figures: its ends, and the figure in the middle.
public record Quartiles(double lower, double median, double upper) {

    /// Returns the quartiles of at least one figure. Between two figures they are interpolated.
    public static Quartiles of(Collection<Double> figures) {
        double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no figures");
        }
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    private static double at(double[] sorted, double part) {
        double place = part * (sorted.length - 1);
        int below = (int) place;
        double[] around = Arrays.copyOfRange(sorted, below, below + 2);
        // Beyond the last figure there is a zero, which counts for nothing: then place is whole.
        return around[0] + (place - below) * (around[1] - around[0]);
    }
}

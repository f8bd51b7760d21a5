package dev.gyre.bench.soak;

import dev.gyre.bench.process.Quartiles;
import dev.gyre.bench.process.TextTable;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Whether a figure has stayed where it was: the median of the last quarter of a run against that
/// of the second quarter. The first quarter is the warm-up.
///
/// @param name of the figure, with its unit
/// @param early the median of the second quarter
/// @param late the median of the last quarter
/// @param lateMax what the latter may be
record Flatness(String name, double early, double late, double lateMax) {

    /// What a figure may grow, in parts of itself, in half of a run.
    static final double GROWTH_MAX = 0.1;

    /// The fewest figures that can be judged: one for each quarter.
    static final int FIGURES_MIN = 4;

    /// Judges figures in the order of time.
    ///
    /// @param slack what a figure may grow besides [#GROWTH_MAX]
    /// @throws IllegalArgumentException if there are fewer than four
    static Flatness of(String name, List<Double> figures, double slack) {
        int count = figures.size();
        if (count < FIGURES_MIN) {
            throw new IllegalArgumentException("four quarters need four looks, not " + count);
        }
        double early = median(figures.subList(count / 4, count / 2));
        double late = median(figures.subList(count - count / 4, count));
        return new Flatness(name, early, late, early * (1 + GROWTH_MAX) + slack);
    }

    /// Judges one figure of each look.
    static Flatness of(String name, List<Look> looks, ToDoubleFunction<Look> figure, double slack) {
        return of(name, looks.stream().mapToDouble(figure).boxed().toList(), slack);
    }

    private static double median(Collection<Double> figures) {
        return Quartiles.of(figures).median();
    }

    boolean isFlat() {
        return late <= lateMax;
    }

    @Override
    public String toString() {
        return "%s: %s in the second quarter, %s in the last (at most %s): %s"
                .formatted(
                        name,
                        TextTable.figure(early),
                        TextTable.figure(late),
                        TextTable.figure(lateMax),
                        isFlat() ? "flat" : "NOT FLAT");
    }
}

package dev.gyre.bench.soak;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// How figures are spread over the height of a chart, with marks at round numbers.
final class Axis {

    /// About how many steps fit beside a chart.
    private static final int STEPS = 5;

    private static final double[] ROUND = {1, 2, 5, 10};

    private final DoubleUnaryOperator spread;
    private final List<Double> marks;

    private Axis(DoubleUnaryOperator spread, List<Double> marks) {
        this.spread = spread;
        this.marks = marks;
    }

    /// Returns an axis from zero, evenly.
    ///
    /// @param figures that it must have room for, none of them negative
    static Axis linear(List<Double> figures) {
        double greatest = stream(figures).max().orElse(0);
        double step = roundStep(greatest == 0 ? 1 : greatest);
        // A step more keeps lines off the upper edge.
        int steps = (int) Math.floor(greatest / step) + 1;
        return new Axis(
                figure -> figure,
                IntStream.rangeClosed(0, steps).mapToObj(i -> rounded(i * step)).toList());
    }

    /// Returns the least of 1, 2, 5, 10, 20 and so on that goes [#STEPS] times into a figure at
    /// most.
    private static double roundStep(double greatest) {
        double decade = Math.pow(10, Math.floor(Math.log10(greatest / STEPS)));
        return DoubleStream.of(ROUND)
                .map(each -> each * decade)
                .filter(step -> greatest / step <= STEPS)
                .findFirst()
                .orElse(10 * decade);
    }

    /// Takes away what binary fractions add, as in 0.6000000000000001.
    private static double rounded(double mark) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.6g", mark));
    }

    /// Returns an axis of whole decades, one at least.
    ///
    /// @param figures that it must have room for; those that are not positive lie on its lower edge
    static Axis logarithmic(List<Double> figures) {
        double least = stream(figures).filter(figure -> figure > 0).min().orElse(1);
        double greatest = Math.max(least, stream(figures).max().orElse(1));
        int from = (int) Math.floor(Math.log10(least));
        int to = Math.max(from + 1, (int) Math.ceil(Math.log10(greatest)));
        return new Axis(
                figure -> Math.log10(Math.max(figure, Math.pow(10, from))),
                IntStream.rangeClosed(from, to).mapToObj(i -> Math.pow(10, i)).toList());
    }

    private static DoubleStream stream(List<Double> figures) {
        return figures.stream().mapToDouble(Double::doubleValue);
    }

    /// Returns where the marks are, from the lower edge to the upper one.
    List<Double> marks() {
        return marks;
    }

    /// Returns where a figure lies: 0 is the lower edge and 1 the upper one.
    double part(double figure) {
        double from = spread.applyAsDouble(marks.getFirst());
        double to = spread.applyAsDouble(marks.getLast());
        return (spread.applyAsDouble(figure) - from) / (to - from);
    }
}

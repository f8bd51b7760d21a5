package dev.gyre.bench.soak;

import dev.gyre.bench.process.Svg;
import dev.gyre.bench.process.TextTable;
import java.util.List;
import java.util.Locale;

/// Figures over the time of a run, a line for each. The quarters that are compared are shaded.
final class TimeChart {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 230;
    private static final int LEFT = 60;
    private static final int RIGHT = 170;
    private static final int TOP = 10;
    private static final int BOTTOM = 200;
    private static final int LABEL_HEIGHT = 16;
    private static final int MARKS = 5;
    private static final String INK = "var(--ink)";
    private static final String FAINT = "var(--faint)";
    private static final String[] INKS = {"var(--mark)", "hsl(200 60% 50%)", "hsl(120 40% 45%)"};

    /// How figures are spread over the height.
    enum Scale {
        /// From zero, evenly.
        LINEAR,

        /// From a thousandth of the greatest, each decade as high as the others.
        LOGARITHMIC
    }

    /// A line.
    ///
    /// @param figures one for each moment
    record Series(String name, List<Double> figures) {

        double max() {
            return figures.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        }
    }

    private final List<Double> seconds;
    private final Scale scale;
    private final double most;
    private final Svg svg = new Svg(WIDTH, HEIGHT);

    private TimeChart(List<Double> seconds, Scale scale, List<Series> all) {
        this.seconds = seconds;
        this.scale = scale;
        this.most = all.stream().mapToDouble(Series::max).max().orElse(1) * 1.1;
    }

    /// Returns the chart of at most three lines.
    ///
    /// @param seconds the moments, of which there is one at least
    static String of(List<Double> seconds, Scale scale, List<Series> all) {
        return new TimeChart(seconds, scale, all).draw(all);
    }

    private String draw(List<Series> all) {
        shade(0.25);
        shade(0.75);
        drawMarks();
        for (int i = 0; i < all.size(); i++) {
            drawLine(all.get(i), INKS[i], TOP + 10 + i * LABEL_HEIGHT);
        }
        return svg.end();
    }

    private void shade(double from) {
        double width = WIDTH - LEFT - RIGHT;
        svg.bar(LEFT + from * width, TOP, width / 4, BOTTOM - TOP, FAINT);
    }

    private void drawMarks() {
        for (int i = 0; i <= MARKS; i++) {
            double figure =
                    switch (scale) {
                        case LINEAR -> most * i / MARKS;
                        case LOGARITHMIC -> most * Math.pow(10, -3.0 * (MARKS - i) / MARKS);
                    };
            svg.horizontal(y(figure), LEFT, WIDTH - RIGHT, FAINT);
            svg.label(LEFT - 6, y(figure) + 4, Svg.Anchor.END, INK, TextTable.figure(figure));
            double second = seconds.getLast() * i / MARKS;
            String time = String.format(Locale.ROOT, "%.1f min", second / 60);
            svg.label(x(second), BOTTOM + 18, Svg.Anchor.MIDDLE, INK, time);
        }
    }

    private void drawLine(Series series, String ink, double labelY) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < seconds.size(); i++) {
            double y = y(series.figures().get(i));
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(seconds.get(i)), y));
        }
        svg.path(points.toString(), Svg.Stroke.solid(ink, 2));
        svg.label(WIDTH - RIGHT + 10, labelY, Svg.Anchor.START, ink, series.name());
    }

    private double x(double second) {
        return LEFT + second / seconds.getLast() * (WIDTH - LEFT - RIGHT);
    }

    private double y(double figure) {
        double part =
                switch (scale) {
                    case LINEAR -> figure / most;
                    case LOGARITHMIC -> 1 + Math.log10(Math.max(figure / most, 1e-3)) / 3;
                };
        return BOTTOM - part * (BOTTOM - TOP);
    }
}

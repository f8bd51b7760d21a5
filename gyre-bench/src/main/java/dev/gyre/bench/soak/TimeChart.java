package dev.gyre.bench.soak;

import dev.gyre.bench.process.Svg;
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
    private static final String INK = "var(--ink)";
    private static final String FAINT = "var(--faint)";
    private static final String[] INKS = {"var(--mark)", "hsl(200 60% 50%)", "hsl(120 40% 45%)"};

    /// How figures are spread over the height.
    enum Scale {
        /// The height begins at zero and is even.
        LINEAR,

        /// From the decade of the least to that of the greatest, each as high as the others.
        LOGARITHMIC
    }

    /// A line of the chart.
    ///
    /// @param figures one for each moment
    /// @param thickness of the line
    record Series(String name, List<Double> figures, double thickness) {

        static Series of(String name, List<Double> figures) {
            return new Series(name, figures, 2);
        }

        /// Returns it as a line so thick that it is seen beneath another.
        Series thick() {
            return new Series(name, figures, 6);
        }
    }

    private final List<Double> seconds;
    private final Axis axis;
    private final Svg svg = new Svg(WIDTH, HEIGHT);

    private TimeChart(List<Double> seconds, Scale scale, List<Series> all) {
        this.seconds = seconds;
        List<Double> figures = all.stream().flatMap(each -> each.figures().stream()).toList();
        this.axis =
                switch (scale) {
                    case LINEAR -> Axis.linear(figures);
                    case LOGARITHMIC -> Axis.logarithmic(figures);
                };
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
        for (double mark : axis.marks()) {
            svg.horizontal(y(mark), LEFT, WIDTH - RIGHT, FAINT);
            svg.label(LEFT - 6, y(mark) + 4, Svg.Anchor.END, INK, Svg.plain(mark));
        }
        TimeMarks.upTo(seconds.getLast())
                .forEach((second, words) ->
                        svg.label(x(second), BOTTOM + 18, Svg.Anchor.MIDDLE, INK, words));
    }

    private void drawLine(Series series, String ink, double labelY) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < seconds.size(); i++) {
            double y = y(series.figures().get(i));
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(seconds.get(i)), y));
        }
        svg.path(points.toString(), Svg.Stroke.solid(ink, series.thickness()));
        svg.label(WIDTH - RIGHT + 10, labelY, Svg.Anchor.START, ink, series.name());
    }

    private double x(double second) {
        return LEFT + second / seconds.getLast() * (WIDTH - LEFT - RIGHT);
    }

    private double y(double figure) {
        return BOTTOM - axis.part(figure) * (BOTTOM - TOP);
    }
}

package dev.gyre.bench.process;

import java.util.List;

/// Ratios with their spread, a line for each subject: a dot for each round, a bar from quartile to
/// quartile, a stroke for the median. The scale is logarithmic, so that twice and half as much are
/// equally far from one.
final class RatioChart {

    private static final int WIDTH = 900;
    private static final int LEFT = 130;
    private static final int RIGHT = 70;
    private static final int ROW_HEIGHT = 28;

    /// Whatever is less is shown as this: a logarithm has no place for nothing.
    private static final double RATIO_MIN = 0.05;

    private static final String INK = "var(--ink)";
    private static final double[] MARKS = {
        0.1, 0.2, 0.5, 0.8, 1, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100
    };

    private final Svg svg;
    private final int bottom;
    private final double least;
    private final double most;

    private RatioChart(List<Results.Row> rows) {
        var ratios =
                rows.stream()
                        .flatMap(row -> row.ratioOfRounds().stream())
                        .mapToDouble(Double::doubleValue)
                        .summaryStatistics();
        this.least = Math.max(RATIO_MIN, Math.min(0.9, ratios.getMin())) / 1.03;
        this.most = Math.max(1.2, ratios.getMax()) * 1.03;
        this.bottom = rows.size() * ROW_HEIGHT + 10;
        this.svg = new Svg(WIDTH, bottom + 20);
    }

    /// Returns the chart of the rows that have a ratio.
    static String of(List<Results.Row> rows) {
        List<Results.Row> shown = rows.stream().filter(row -> row.ratios() != null).toList();
        return new RatioChart(shown).draw(shown);
    }

    private String draw(List<Results.Row> rows) {
        drawMarks();
        for (int i = 0; i < rows.size(); i++) {
            drawRow(rows.get(i), i * ROW_HEIGHT + ROW_HEIGHT / 2 + 4);
        }
        return svg.end();
    }

    /// The labels keep a distance from each other; the lines need none.
    private void drawMarks() {
        double free = 0;
        for (double mark : MARKS) {
            if (mark < least || mark > most) {
                continue;
            }
            double x = x(mark);
            svg.vertical(x, 0, bottom, mark == 1 ? INK : "var(--faint)", 1);
            if (x >= free) {
                svg.label(x, bottom + 15, Svg.Anchor.MIDDLE, INK, Svg.plain(mark));
                free = x + 30;
            }
        }
    }

    private void drawRow(Results.Row row, int y) {
        Quartiles ratios = row.ratios();
        if (ratios == null) {
            return;
        }
        String ink = row.isGyre() ? "var(--mark)" : INK;
        svg.label(0, y + 4, Svg.Anchor.START, INK, row.subject());
        double left = x(ratios.lower());
        svg.bar(left, y - 7, Math.max(1, x(ratios.upper()) - left), 14, ink);
        row.ratioOfRounds().forEach(ratio -> svg.dot(x(ratio), y, ink));
        svg.vertical(x(ratios.median()), y - 9, y + 9, ink, 3);
        String words = TextTable.figure(ratios.median());
        svg.label(WIDTH - RIGHT + 20, y + 4, Svg.Anchor.START, INK, words);
    }

    private double x(double ratio) {
        double part = Math.log(Math.max(ratio, least) / least) / Math.log(most / least);
        return LEFT + part * (WIDTH - LEFT - RIGHT);
    }
}

package dev.gyre.bench.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// Latencies over percentiles, a line for each subject. Each step to the right on the percentile
/// axis leaves a tenth of the answers; the other axis is logarithmic, in microseconds.
final class LatencyChart {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 340;
    private static final int LEFT = 80;
    private static final int RIGHT = 150;
    private static final int BOTTOM = 300;
    private static final int TOP = 10;
    private static final int LABEL_HEIGHT = 14;
    private static final int HUE_FIRST = 60;
    private static final int HUE_LAST = 350;
    private static final String INK = "var(--ink)";
    private static final String FAINT = "var(--faint)";

    /// The highest percentile: as far as the samples of a run carry.
    private static final double NINES_MAX = 4;

    private static final int STEPS = 40;

    private static final double[] PERCENTILES = {0, 50, 90, 99, 99.9, 99.99};

    private final Map<String, Histogram> lines = new LinkedHashMap<>();
    private final Svg svg = new Svg(WIDTH, HEIGHT);
    private final double least;
    private final double most;

    private LatencyChart(List<Results.Row> rows) {
        double min = Double.MAX_VALUE;
        double max = 1;
        for (Results.Row row : rows) {
            Histogram latencies = row.measures().latencies();
            if (latencies != null) {
                lines.put(row.subject(), latencies);
                min = Math.min(min, micros(latencies, 0));
                max = Math.max(max, micros(latencies, PERCENTILES[PERCENTILES.length - 1]));
            }
        }
        this.least = Math.max(0.1, min * 0.8);
        this.most = Math.max(max * 1.2, least * 2);
    }

    /// Returns the chart of the rows that have latencies.
    static String of(List<Results.Row> rows) {
        return new LatencyChart(rows).draw();
    }

    private static double micros(Histogram latencies, double percentile) {
        return Math.max(latencies.getValueAtPercentile(percentile) / 1e3, 0.1);
    }

    private String draw() {
        for (double percentile : PERCENTILES) {
            double x = x(percentile);
            svg.vertical(x, TOP, BOTTOM, FAINT, 1);
            svg.label(x, BOTTOM + 18, Svg.Anchor.MIDDLE, INK, Svg.plain(percentile));
        }
        for (double mark = 0.1; mark < most; mark *= 10) {
            drawMark(mark);
            drawMark(2 * mark);
            drawMark(5 * mark);
        }
        int index = 0;
        for (Map.Entry<String, Histogram> line : lines.entrySet()) {
            drawLine(line.getKey(), line.getValue(), index);
            index++;
        }
        return svg.end();
    }

    private void drawMark(double micros) {
        if (micros >= least && micros <= most) {
            svg.horizontal(y(micros), LEFT, WIDTH - RIGHT, FAINT);
            svg.label(LEFT - 6, y(micros) + 4, Svg.Anchor.END, INK, Svg.plain(micros));
        }
    }

    private void drawLine(String subject, Histogram latencies, int index) {
        boolean isGyre = subject.equals(Subjects.GYRE);
        String ink = isGyre ? "var(--mark)" : ink(index);
        StringBuilder points = new StringBuilder();
        for (int i = 0; i <= STEPS; i++) {
            double percentile = 100 * (1 - Math.pow(10, -NINES_MAX * i / STEPS));
            double y = y(micros(latencies, percentile));
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(percentile), y));
        }
        Svg.Stroke solid = Svg.Stroke.solid(ink, isGyre ? 3 : 1.5);
        Svg.Stroke stroke = isGyre || index % 2 == 0 ? solid : solid.dashed();
        svg.path(points.toString(), stroke);
        double labelY = TOP + 10 + index * LABEL_HEIGHT;
        double left = WIDTH - RIGHT + 15;
        String sample =
                String.format(
                        Locale.ROOT,
                        "%.1f,%.1f %.1f,%.1f",
                        left,
                        labelY - 4,
                        left + 22,
                        labelY - 4);
        svg.path(sample, stroke);
        svg.label(left + 28, labelY, Svg.Anchor.START, INK, subject);
    }

    /// Returns a colour of its own for each line, none of them like Gyre's.
    private String ink(int index) {
        int hue = HUE_FIRST + index * (HUE_LAST - HUE_FIRST) / lines.size();
        return "hsl(%d 60%% 45%%)".formatted(hue);
    }

    private static double x(double percentile) {
        double nines = Math.min(NINES_MAX, -Math.log10(1 - percentile / 100));
        return LEFT + nines / NINES_MAX * (WIDTH - LEFT - RIGHT);
    }

    private double y(double micros) {
        double part = Math.log(micros / least) / Math.log(most / least);
        return BOTTOM - Math.clamp(part, 0, 1) * (BOTTOM - TOP);
    }
}

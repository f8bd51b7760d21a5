package dev.gyre.bench.process;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/// A drawing in the making. Lengths are units of its own, which the page scales.
public final class Svg {

    private final StringBuilder text = new StringBuilder();

    public Svg(int width, int height) {
        add("<svg viewBox='0 0 %d %d'>".formatted(width, height));
    }

    private void add(String element) {
        text.append(element).append('\n');
    }

    public void vertical(double x, double from, double to, String ink, int thickness) {
        add(
                String.format(
                        Locale.ROOT,
                        "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s'"
                                + " stroke-width='%d'/>",
                        x,
                        from,
                        x,
                        to,
                        ink,
                        thickness));
    }

    public void horizontal(double y, double from, double to, String ink) {
        add(
                String.format(
                        Locale.ROOT,
                        "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s'/>",
                        from,
                        y,
                        to,
                        y,
                        ink));
    }

    public void bar(double x, double y, double width, double height, String ink) {
        add(
                String.format(
                        Locale.ROOT,
                        "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'"
                                + " opacity='.3'/>",
                        x,
                        y,
                        width,
                        height,
                        ink));
    }

    public void dot(double x, double y, String ink) {
        add(String.format(Locale.ROOT, "<circle cx='%.1f' cy='%.1f' r='2' fill='%s'/>", x, y, ink));
    }

    /// How a line looks.
    ///
    /// @param dashes how long its strokes and gaps are, as in `6 3`, or `none`
    public record Stroke(String ink, double thickness, String dashes) {

        public static Stroke solid(String ink, double thickness) {
            return new Stroke(ink, thickness, "none");
        }

        Stroke dashed() {
            return new Stroke(ink, thickness, "6 3");
        }
    }

    /// Draws a line through points, given as in `1,2 3,4`.
    public void path(String points, Stroke stroke) {
        add(
                String.format(
                        Locale.ROOT,
                        "<polyline points='%s' fill='none' stroke='%s' stroke-width='%.1f'"
                                + " stroke-dasharray='%s'/>",
                        points.strip(),
                        stroke.ink(),
                        stroke.thickness(),
                        stroke.dashes()));
    }

    /// Returns a number without zeros that tell nothing, as in `1,000` or `0.5`.
    public static String plain(double number) {
        return new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT))
                .format(number);
    }

    /// Where a text is put relative to its point.
    public enum Anchor {
        START,
        MIDDLE,
        END
    }

    public void label(double x, double y, Anchor anchor, String ink, String words) {
        add(
                String.format(
                        Locale.ROOT,
                        "<text x='%.1f' y='%.1f' text-anchor='%s' style='fill:%s'>%s</text>",
                        x,
                        y,
                        anchor.name().toLowerCase(Locale.ROOT),
                        ink,
                        HtmlPage.escaped(words)));
    }

    /// Returns the whole drawing.
    public String end() {
        add("</svg>");
        return text.toString();
    }
}

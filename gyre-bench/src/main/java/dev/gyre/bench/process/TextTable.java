package dev.gyre.bench.process;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The results of a scenario as a table of text.
public final class TextTable {

    private static final String GAP = "  ";

    /// What else the machine may do, in percent of a core, before ratios begin to suffer.
    private static final double OTHERS_MAX = 20;

    private final List<List<String>> lines = new ArrayList<>();

    private TextTable() {}

    /// Returns the lines of the table, those above and below it included.
    static List<String> of(Results results) {
        Scenario scenario = results.scenario();
        List<String> text = new ArrayList<>();
        text.add("%s: %s".formatted(scenario.name(), scenario.sentence()));
        text.add(
                "Cost in %s. Ratio to %s of the same round. Medians; in brackets the quartiles."
                        .formatted(scenario.unit(), scenario.baseline()));
        text.add("");
        List<Results.Row> rows = results.rows();
        if (!rows.isEmpty()) {
            text.addAll(new TextTable().fill(rows).aligned());
        }
        for (Results.Row row : rows) {
            if (row.measures().loadBoundCount() > 0) {
                text.add(
                        "%s: the load generator was the bottleneck in %d of %d rounds"
                                .formatted(
                                        row.subject(),
                                        row.measures().loadBoundCount(),
                                        row.measures().rounds()));
            }
        }
        double others = results.worst(Stretch.OTHERS);
        if (others > OTHERS_MAX) {
            text.add(
                    "other programs used up to %s %% of a core, in %d of %d measurements: these are"
                                    .formatted(
                                            figure(others),
                                            results.countAbove(Stretch.OTHERS, OTHERS_MAX),
                                            results.count())
                            + " no figures to keep");
        }
        results.remarks().forEach((subject, why) -> text.add(subject + ": " + why));
        return text;
    }

    private TextTable fill(List<Results.Row> rows) {
        Set<String> heads = new LinkedHashSet<>();
        rows.forEach(row -> heads.addAll(row.details().keySet()));
        List<String> head = new ArrayList<>(List.of("subject", "cost", "", "ratio", ""));
        head.addAll(heads);
        lines.add(head);
        for (Results.Row row : rows) {
            List<String> line = new ArrayList<>();
            line.add(row.subject());
            addQuartiles(line, row.cost());
            if (row.ratios() == null) {
                line.addAll(List.of("", ""));
            } else {
                addQuartiles(line, row.ratios());
            }
            for (String each : heads) {
                Double figure = row.details().get(each);
                line.add(figure == null ? "" : figure(figure));
            }
            lines.add(line);
        }
        return this;
    }

    private static void addQuartiles(List<String> line, Quartiles quartiles) {
        line.add(figure(quartiles.median()));
        line.add("[%s %s]".formatted(figure(quartiles.lower()), figure(quartiles.upper())));
    }

    /// Returns a figure with about three digits that count.
    public static String figure(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    private List<String> aligned() {
        List<String> text = new ArrayList<>();
        for (List<String> line : lines) {
            StringBuilder aligned = new StringBuilder();
            for (int column = 0; column < line.size(); column++) {
                int width = width(column);
                String cell = line.get(column);
                String pad = " ".repeat(width - cell.length());
                aligned.append(column == 0 ? cell + pad : GAP + pad + cell);
            }
            text.add(aligned.toString().stripTrailing());
        }
        return text;
    }

    private int width(int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }
}

package dev.gyre.bench;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/// The medians of all benchmarks, one column for each machine. JMH prints means, which a neighbour
/// on the same cores can spoil. The least is what the machine does undisturbed.
final class Medians {

    private static final int NAME_WIDTH = 44;
    private static final int CELL_WIDTH = 22;

    private final Set<JvmKind> machines = new LinkedHashSet<>();
    private final Map<String, Map<JvmKind, String>> rows = new LinkedHashMap<>();

    void add(JvmKind machine, RunResult result) {
        machines.add(machine);
        String benchmark = result.getParams().getBenchmark();
        String name = benchmark.substring(Bench.class.getPackageName().length() + 1);
        StringJoiner parameters = new StringJoiner(", ", " ", "").setEmptyValue("");
        for (String key : result.getParams().getParamsKeys()) {
            parameters.add(key + " " + result.getParams().getParam(key));
        }
        String row = name.replace("Benchmark.", ".") + parameters;
        put(row, machine, result.getPrimaryResult());
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        if (allocated != null) {
            put(row + ": allocated", machine, allocated);
        }
    }

    private void put(String row, JvmKind machine, Result<?> result) {
        double median = result.getStatistics().getPercentile(50);
        double least = result.getStatistics().getMin();
        rows.computeIfAbsent(row, ignored -> new LinkedHashMap<>())
                .put(machine, "%.1f (%.1f) %s".formatted(median, least, result.getScoreUnit()));
    }

    void print() {
        System.out.println();
        StringBuilder head = new StringBuilder(padded("Median (least)", NAME_WIDTH));
        machines.forEach(
                machine -> head.append(" | ").append(padded(machine.toString(), CELL_WIDTH)));
        System.out.println(head);
        rows.forEach((name, cells) -> {
            StringBuilder line = new StringBuilder(padded(name, NAME_WIDTH));
            for (JvmKind machine : machines) {
                line.append(" | ").append(padded(cells.getOrDefault(machine, "-"), CELL_WIDTH));
            }
            System.out.println(line);
        });
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}

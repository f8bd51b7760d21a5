package dev.gyre.bench.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What one scenario brought, of all subjects and rounds.
final class Results {

    private final Scenario scenario;

    /// The samples of each subject by their round.
    private final Map<String, Map<Integer, Sample>> samples = new LinkedHashMap<>();

    /// Why subjects have no figures, or fewer.
    private final Map<String, String> remarks = new LinkedHashMap<>();

    private boolean hasFailed;

    Results(Scenario scenario) {
        this.scenario = scenario;
    }

    /// One subject in the table.
    ///
    /// @param ratios its cost divided by that of the baseline in the same round; null if the
    ///   baseline was not measured
    /// @param ratioOfRounds the same for each round
    /// @param details the medians of what else was seen
    /// @param measures the rest
    record Row(
            String subject,
            Quartiles cost,
            @Nullable Quartiles ratios,
            List<Double> ratioOfRounds,
            Map<String, Double> details,
            Measures measures) {

        boolean isGyre() {
            return subject.equals(Subjects.GYRE);
        }
    }

    /// The rest of a row.
    ///
    /// @param latencies all rounds together; null if the scenario does not ask
    /// @param rounds how many there were
    /// @param loadBoundCount in how many of them the server had to wait for the load generator
    record Measures(@Nullable Histogram latencies, int rounds, int loadBoundCount) {}

    Scenario scenario() {
        return scenario;
    }

    Map<String, String> remarks() {
        return remarks;
    }

    /// Gives a subject its place in the table, behind those that have one.
    void expect(String subject) {
        samples.computeIfAbsent(subject, _ -> new TreeMap<>());
    }

    void add(String subject, int round, Sample sample) {
        samples.computeIfAbsent(subject, _ -> new TreeMap<>()).put(round, sample);
    }

    /// Notes why a subject has no figures, or fewer than others.
    void remark(String subject, String why) {
        remarks.merge(subject, why, (before, more) -> before + "; " + more);
    }

    /// Notes that a round failed.
    void failed(String subject, String why) {
        hasFailed = true;
        remark(subject, why);
    }

    /// Returns whether a round failed.
    boolean hasFailed() {
        return hasFailed;
    }

    /// Returns what a sample cost, divided by what the baseline cost in that round, if that is
    /// known yet.
    OptionalDouble ratio(int round, Sample sample) {
        Sample baseline = samples.getOrDefault(scenario.baseline(), Map.of()).get(round);
        return baseline == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(sample.cost() / baseline.cost());
    }

    /// Returns the highest figure of a kind that any sample has; 0 if none has one.
    double worst(String detail) {
        return figures(detail).max().orElse(0);
    }

    /// Returns how many samples have a higher figure of a kind.
    long countAbove(String detail, double limit) {
        return figures(detail).filter(figure -> figure > limit).count();
    }

    private DoubleStream figures(String detail) {
        return all().mapToDouble(sample -> sample.details().getOrDefault(detail, 0.0));
    }

    private Stream<Sample> all() {
        return samples.values().stream().flatMap(rounds -> rounds.values().stream());
    }

    /// Returns how many samples there are.
    long count() {
        return all().count();
    }

    /// Returns a row for each subject that was measured at least once.
    List<Row> rows() {
        return samples.keySet().stream()
                .filter(subject -> !samples.getOrDefault(subject, Map.of()).isEmpty())
                .map(this::row)
                .toList();
    }

    private Row row(String subject) {
        Map<Integer, Sample> rounds = samples.getOrDefault(subject, Map.of());
        List<Double> ratios = new ArrayList<>();
        rounds.forEach((round, sample) -> ratio(round, sample).ifPresent(ratios::add));
        Quartiles cost = Quartiles.of(rounds.values().stream().map(Sample::cost).toList());
        int loadBoundCount = (int) rounds.values().stream().filter(Sample::isLoadBound).count();
        return new Row(
                subject,
                cost,
                ratios.isEmpty() ? null : Quartiles.of(ratios),
                ratios,
                details(rounds),
                new Measures(latencies(rounds), rounds.size(), loadBoundCount));
    }

    private static Map<String, Double> details(Map<Integer, Sample> rounds) {
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        for (Sample sample : rounds.values()) {
            sample.details()
                    .forEach((head, figure) ->
                            figures.computeIfAbsent(head, _ -> new ArrayList<>()).add(figure));
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        figures.forEach((head, all) -> medians.put(head, Quartiles.of(all).median()));
        return medians;
    }

    private static @Nullable Histogram latencies(Map<Integer, Sample> rounds) {
        Histogram sum = null;
        for (Sample sample : rounds.values()) {
            Histogram more = sample.latencies();
            if (more != null) {
                sum = sum == null ? LoadLoop.newHistogram() : sum;
                sum.add(more);
            }
        }
        return sum;
    }
}

package dev.gyre.bench.soak;

import dev.gyre.bench.process.TextTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// What came of a run.
///
/// @param plan what it was to be
/// @param length how long guests came: less than planned if it was interrupted
/// @param looks how things stood, in the order of time
/// @param visits how many guests came, by temper
/// @param cuts how many connections the proxy broke, and how
/// @param lines what was said and heard
/// @param latencies how long the lines of residents took, in nanoseconds
/// @param balances what must be the same after as before
/// @param findings what went wrong
record SoakOutcome(
        SoakPlan plan,
        Duration length,
        List<Look> looks,
        Map<Temper, Integer> visits,
        Map<Weather.End, Integer> cuts,
        Lines lines,
        Histogram latencies,
        List<Balance> balances,
        Findings findings) {

    /// What the heap may grow besides a tenth, in megabytes: members who stall have up to a quarter
    /// of one each, now more of them and now fewer.
    private static final double HEAP_SLACK = 2;

    /// What the resident memory may grow, which also has what the compiler and the allocator of the
    /// C library put aside.
    private static final double RESIDENT_SLACK = 16;

    /// What the count of descriptors may grow: guests come and go.
    private static final double DESCRIPTOR_SLACK = 4;

    /// @param told how many the room told
    /// @param heard how many all members together heard
    /// @param slow how many members the room cut off since they read too slowly
    record Lines(long told, long heard, long slow) {}

    /// A count that must come out even.
    ///
    /// @param name what is counted
    /// @param before the count before the first member entered
    /// @param after the count after the last one left
    record Balance(String name, long before, long after) {

        boolean isEven() {
            return before == after;
        }

        @Override
        public String toString() {
            return "%s: %d and %d: %s".formatted(name, before, after, isEven() ? "even" : "UNEVEN");
        }
    }

    boolean isInterrupted() {
        return length.compareTo(plan.length()) < 0;
    }

    /// Returns whether memory and descriptors stayed where they were; nothing if it ended before
    /// that can be told.
    List<Flatness> flatness() {
        if (looks.size() < Flatness.FIGURES_MIN) {
            return List.of();
        }
        return List.of(
                Flatness.of("heap after collection, MB", looks, SoakOutcome::heap, HEAP_SLACK),
                Flatness.of("resident memory, MB", looks, SoakOutcome::resident, RESIDENT_SLACK),
                Flatness.of("descriptors", looks, SoakOutcome::descriptors, DESCRIPTOR_SLACK));
    }

    static double heap(Look look) {
        return look.server().vitals().heapBytes() / 1e6;
    }

    static double resident(Look look) {
        return look.server().residentBytes() / 1e6;
    }

    static double descriptors(Look look) {
        return look.server().descriptors();
    }

    /// Returns whether nothing went wrong.
    boolean isGood() {
        return findings.isEmpty()
                && flatness().stream().allMatch(Flatness::isFlat)
                && balances.stream().allMatch(Balance::isEven);
    }

    /// Returns the outcome in words, line by line.
    List<String> summary() {
        List<String> text = new ArrayList<>();
        text.add(
                "seed %d, %s, %d guests at a time, %d residents"
                        .formatted(plan.seed(), minutes(), plan.guests(), SoakPlan.RESIDENTS));
        text.add(visited());
        text.add(
                String.format(
                        Locale.ROOT,
                        "lines: %,d told, %,d heard; %s",
                        lines.told(),
                        lines.heard(),
                        findings));
        text.add(
                "latency of a line, ms: median %s, 99 %% %s, longest %s"
                        .formatted(millisAt(50), millisAt(99), millisAt(100)));
        text.add(turns());
        List<Flatness> flatness = flatness();
        flatness.forEach(each -> text.add(each.toString()));
        if (flatness.isEmpty()) {
            text.add("memory and descriptors: too short to tell whether they stay flat");
        }
        balances.forEach(each -> text.add(each.toString()));
        findings.words().forEach(each -> text.add("  " + each));
        String good = isInterrupted() ? "All was well until the interrupt." : "All is well.";
        text.add(isGood() ? good : "NOT all is well, see above.");
        return text;
    }

    private String minutes() {
        String planned = minutes("%.1f minutes", plan.length());
        return isInterrupted() ? minutes("interrupted after %.1f of ", length) + planned : planned;
    }

    private static String minutes(String format, Duration time) {
        return String.format(Locale.ROOT, format, time.toMillis() / 60e3);
    }

    private String visited() {
        int all = visits.values().stream().mapToInt(Integer::intValue).sum();
        List<String> tempers = new ArrayList<>();
        visits.forEach((temper, count) ->
                tempers.add("%s %d".formatted(temper.name().toLowerCase(Locale.ROOT), count)));
        return "visits: %d (%s); the proxy reset %d and half-closed %d, the room cut off %d"
                .formatted(
                        all,
                        String.join(", ", tempers),
                        cuts.get(Weather.End.RESET),
                        cuts.get(Weather.End.HALF_CLOSE),
                        lines.slow());
    }

    private String turns() {
        long collection =
                looks.stream()
                        .mapToLong(look -> look.server().vitals().collectionNanos())
                        .max()
                        .orElse(0);
        Vitals last = looks.getLast().server().vitals();
        return "longest turn, ms: %s of %s turns (the longest collection for a look took %s)"
                .formatted(
                        TextTable.figure(last.longestTurnNanos() / 1e6),
                        String.format(Locale.ROOT, "%,d", last.turns()),
                        TextTable.figure(collection / 1e6));
    }

    private String millisAt(double percentile) {
        return TextTable.figure(latencies.getValueAtPercentile(percentile) / 1e6);
    }
}

package dev.gyre.verify.launch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Adds up what a [SimulationProgram] prints. One thread.
final class SimulationTally {

    /// What is printed in the end of each test; with spaces in front, it is not the end.
    private static final Pattern TEST =
            Pattern.compile(
                    "([A-Za-z]\\w*\\.\\w+): ([0-9,]+) of [0-9,]+ seeds without a failure,"
                            + " ([0-9,]+) steps, ([0-9,.]+) hours simulated in .*");

    private static final Pattern SEED = Pattern.compile("-Dgyre\\.sim\\.seed=(-?\\d+) fails ");

    private final String name;
    private final List<String> replays = new ArrayList<>();

    /// The tests that have ended under one mechanism.
    private final Set<String> names = new HashSet<>();

    /// How many have ended under others.
    private long tests;

    private long seeds;
    private long steps;
    private double hours;
    private long failures;

    /// The test whose failure is being told; empty if none is, or its seed is known.
    private String failing = "";

    /// @param name of what is added up
    SimulationTally(String name) {
        this.name = name;
    }

    /// Takes in a line of the output.
    void add(String line) {
        Matcher test = TEST.matcher(line);
        if (test.matches()) {
            names.add(test.group(1));
            seeds += Long.parseLong(test.group(2).replace(",", ""));
            steps += Long.parseLong(test.group(3).replace(",", ""));
            hours += Double.parseDouble(test.group(4).replace(",", ""));
        } else if (line.startsWith(TestProgram.FAILURE)) {
            // A test that hangs ends without telling how far it has come.
            failing = line.substring(TestProgram.FAILURE.length());
            names.add(failing);
            failures++;
        } else if (!failing.isEmpty()) {
            Matcher seed = SEED.matcher(line);
            if (seed.find()) {
                replays.add("./gyre sim --seed %s %s".formatted(seed.group(1), failing));
                failing = "";
            }
        }
    }

    /// Takes note of a failure that is no test's.
    void fail() {
        failures++;
    }

    /// Adds what another has added up.
    void add(SimulationTally other) {
        tests += other.tests();
        seeds += other.seeds;
        steps += other.steps;
        hours += other.hours;
        failures += other.failures;
        other.replays.stream().filter(each -> !replays.contains(each)).forEach(replays::add);
    }

    private long tests() {
        return tests + names.size();
    }

    /// Returns whether there was a test, and none has failed.
    boolean isGood() {
        return tests() > 0 && failures == 0;
    }

    /// Returns the commands that run alone what has failed.
    List<String> replays() {
        return List.copyOf(replays);
    }

    /// Returns what the columns of [#row] are.
    static String head() {
        return String.format(
                Locale.ROOT,
                "%-8s %6s %12s %16s %16s %9s",
                "",
                "tests",
                "seeds",
                "steps",
                "simulated hours",
                "failures");
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%-8s %,6d %,12d %,16d %,16.2f %,9d",
                name,
                tests(),
                seeds,
                steps,
                hours,
                failures);
    }
}

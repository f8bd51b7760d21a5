package dev.gyre.bench.process;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Runs scenarios: in each round a process of each subject, one after the other.
final class ProcessRunner {

    private final List<Scenario> scenarios;
    private final List<Subject> subjects;
    private final Plan plan;
    private final ServerHome site;
    private final Pinning pinning;
    private final PrintStream err;

    private final long startNanos = System.nanoTime();
    private final int trialsAll;

    /// Counts up with each trial, failed ones included.
    private int trialsDone;

    private ProcessRunner(Builder builder, Pinning pinning) {
        this.scenarios = builder.scenarios;
        this.subjects = builder.subjects;
        this.plan = builder.plan;
        this.site = builder.site;
        this.pinning = pinning;
        this.err = builder.err;
        this.trialsAll =
                scenarios.stream().mapToInt(scenario -> able(scenario).size()).sum()
                        * plan.rounds();
    }

    /// What to run, and where to tell the progress.
    record Builder(
            List<Scenario> scenarios,
            List<Subject> subjects,
            Plan plan,
            ServerHome site,
            PrintStream err) {

        ProcessRunner build(Pinning pinning) {
            return new ProcessRunner(this, pinning);
        }
    }

    /// Gets the results of a scenario once it is done.
    @FunctionalInterface
    interface Listener {

        void done(Results results) throws IOException;
    }

    /// Runs all scenarios.
    ///
    /// @throws IOException if this process cannot be tied to its core, or is going down, or thrown
    ///   by the listener
    void run(Listener listener) throws IOException {
        pinning.pinLoad();
        for (Scenario scenario : scenarios) {
            listener.done(run(scenario));
        }
    }

    private Results run(Scenario scenario) throws IOException {
        Results results = new Results(scenario);
        for (Subject subject : subjects) {
            String missing = missing(subject, scenario);
            if (!missing.isEmpty()) {
                results.remark(subject.name(), "skipped, " + missing);
            }
        }
        List<Subject> able = new ArrayList<>(able(scenario));
        able.forEach(subject -> results.expect(subject.name()));
        for (int round = 1; round <= plan.rounds(); round++) {
            // So that nobody always follows the same neighbour, and runs can be compared.
            Collections.shuffle(able, new Random(round));
            for (Subject subject : able) {
                runOne(results, subject, round);
            }
        }
        return results;
    }

    private static String missing(Subject subject, Scenario scenario) {
        return subject.offers(scenario.service())
                ? subject.need().missing()
                : "it does not offer this";
    }

    private List<Subject> able(Scenario scenario) {
        return subjects.stream().filter(subject -> missing(subject, scenario).isEmpty()).toList();
    }

    private void runOne(Results results, Subject subject, int round) throws IOException {
        Scenario scenario = results.scenario();
        String outcome;
        ServerProcess[] started = new ServerProcess[1];
        try {
            Subject.Launch launch = scenario.trial().launch(subject);
            List<String> command = pinning.forServer(launch.command(scenario.service(), site));
            Sample sample =
                    scenario.trial().run(() -> started[0] = ServerProcess.start(command), plan);
            results.add(subject.name(), round, sample);
            outcome = tell(sample, results.ratio(round, sample), scenario);
        } catch (IOException | RuntimeException e) {
            if (Children.areEnding()) {
                throw new IOException("interrupted", e);
            }
            outcome = "failed: " + (e.getMessage() == null ? e : e.getMessage());
            results.failed(subject.name(), "round %d %s".formatted(round, outcome));
            if (started[0] != null) {
                outcome += "; what the server had said: " + started[0].lastWords();
            }
        }
        trialsDone++;
        err.println(
                "%s, round %d of %d, %s: %s (%s left)"
                        .formatted(
                                scenario.name(),
                                round,
                                plan.rounds(),
                                subject.name(),
                                outcome,
                                timeLeft()));
    }

    private static String tell(Sample sample, OptionalDouble ratio, Scenario scenario) {
        String cost = TextTable.figure(sample.cost()) + " " + scenario.unit();
        return ratio.isEmpty()
                ? cost
                : cost
                        + String.format(
                                Locale.ROOT,
                                ", %.2f x %s",
                                ratio.getAsDouble(),
                                scenario.baseline());
    }

    private String timeLeft() {
        long elapsed = System.nanoTime() - startNanos;
        long left = elapsed / trialsDone * (trialsAll - trialsDone);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(left);
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }
}

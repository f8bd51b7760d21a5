package dev.gyre.testing;

import java.time.Duration;

/// Runs the seeds of a [SimTest], and counts what happened in them. With `-Dgyre.sim.progress=true`
/// it prints that, now and then and in the end.
final class SeedRun {

    private static final long PROGRESS_NANOS = 5_000_000_000L;

    private final String test;
    private final Scenario scenario;
    private final boolean isShown = Boolean.getBoolean("gyre.sim.progress");
    private final long begun = System.nanoTime();

    private long shown = begun;

    /// How many are to be run, if the time is long enough.
    private long wanted;

    /// How many were run.
    private long seeds;

    private long steps;
    private Duration simulated = Duration.ZERO;

    SeedRun(String test, Scenario scenario) {
        this.test = test;
        this.scenario = scenario;
    }

    /// Runs one seed.
    @FunctionalInterface
    interface Scenario {

        /// Returns the simulation that was run.
        Simulation run(long seed);
    }

    /// Runs all seeds.
    ///
    /// @param count how many, unless the system properties say otherwise
    void run(int count) {
        Long only = Long.getLong("gyre.sim.seed");
        long first = only == null ? Long.getLong("gyre.sim.from", 0) : only;
        wanted = only == null ? seedCount(count) : 1;
        long nanosMax = Duration.ofMinutes(Long.getLong("gyre.sim.minutes", 360)).toNanos();
        long seed = first;
        do {
            count(scenario.run(seed));
            seed++;
        } while (seeds < wanted && System.nanoTime() - begun < nanosMax);
        if (isShown) {
            System.out.println(this);
        }
    }

    private static long seedCount(int count) {
        return Long.getLong("gyre.sim.seeds", count * Long.getLong("gyre.sim.times", 1));
    }

    private void count(Simulation simulation) {
        seeds++;
        steps += simulation.steps();
        simulated = simulated.plus(simulation.elapsed());
        long now = System.nanoTime();
        if (isShown && now - shown > PROGRESS_NANOS) {
            shown = now;
            System.out.println("  " + this);
        }
    }

    @Override
    public String toString() {
        long seconds = (System.nanoTime() - begun) / 1_000_000_000L;
        return "%s: %,d of %,d seeds without a failure, %,d steps, %,.1f hours simulated in %,d s"
                .formatted(test, seeds, wanted, steps, simulated.toMinutes() / 60.0, seconds);
    }
}

package dev.gyre.testing;

import java.time.Duration;
import java.util.Locale;
import org.opentest4j.TestAbortedException;

/// Runs the seeds of a [SimTest], and counts the steps of their simulations. With
/// `-Dgyre.sim.progress=true` it prints the counts, now and then and in the end.
final class SeedRun {

    private static final long PROGRESS_NANOS = 5_000_000_000L;

    private final String test;
    private final Scenario scenario;
    private final long begun = System.nanoTime();

    private boolean isShown;
    private long shown = begun;

    /// How many seeds are to be run, if the time is long enough.
    private long wanted;

    /// How many seeds were run.
    private long seeds;

    private long steps;
    private Duration simulated = Duration.ZERO;

    /// The words that are printed after the counts.
    private String end = "";

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
    /// @param count how many seeds, unless the system properties say otherwise
    /// @throws IllegalArgumentException if `count`, or a property, makes no sense
    void run(int count) {
        SeedOptions options = SeedOptions.of(count);
        isShown = options.isShown();
        wanted = options.count();
        long seed = options.first();
        try {
            do {
                count(scenario.run(seed));
                seed++;
            } while (seeds < wanted && System.nanoTime() - begun < options.nanosMax());
        } catch (TestAbortedException e) {
            end = "; an assumption does not hold for seed " + seed;
            throw e;
        } catch (Throwable e) {
            end = "; seed %d has failed".formatted(seed);
            throw e;
        } finally {
            if (isShown) {
                System.out.println(this);
            }
        }
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
        return String.format(
                Locale.ROOT,
                "%s: %,d of %,d seeds without a failure, %,d steps,"
                        + " %,.2f hours simulated in %,d s%s",
                test,
                seeds,
                wanted,
                steps,
                simulated.toSeconds() / 3600.0,
                seconds,
                end);
    }
}

package dev.gyre.testing;

import java.time.Duration;

/// Which seeds of a [SimTest] are run, as its annotation and the system properties say.
///
/// @param first the seed that is run first
/// @param count how many seeds are run, the first included
/// @param nanosMax after how long no other seed is begun, in nanoseconds of real time
/// @param isShown whether the progress of the run is printed
record SeedOptions(long first, long count, long nanosMax, boolean isShown) {

    /// The largest number that a property may give: it may be multiplied by the seeds of any
    /// annotation, and no `long` overflows.
    private static final long COUNT_MAX = 1_000_000_000_000L;

    private static final long MINUTES_MAX = 360;

    /// Reads the system properties.
    ///
    /// @param seeds how many seeds the annotation asks for
    /// @throws IllegalArgumentException if the annotation or a property makes no sense; the message
    ///   names the one that does not
    static SeedOptions of(int seeds) {
        if (seeds < 1) {
            throw new IllegalArgumentException(
                    "@SimTest(seeds = %d): there must be at least one".formatted(seeds));
        }
        boolean isOne = System.getProperty("gyre.sim.seed") != null;
        long first = number("gyre.sim.from", Long.MIN_VALUE, COUNT_MAX, 0);
        long times = number("gyre.sim.times", 1, 1_000_000, 1);
        long count = number("gyre.sim.seeds", 1, COUNT_MAX, seeds * times);
        long minutes = number("gyre.sim.minutes", 0, MINUTES_MAX, MINUTES_MAX);
        return new SeedOptions(
                number("gyre.sim.seed", Long.MIN_VALUE, Long.MAX_VALUE, first),
                isOne ? 1 : count,
                Duration.ofMinutes(minutes).toNanos(),
                yesOrNo("gyre.sim.progress"));
    }

    private static long number(String property, long least, long most, long standard) {
        String text = System.getProperty(property);
        if (text == null) {
            return standard;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, in the same words as a number out of range.
        }
        throw new IllegalArgumentException(
                "-D%s=%s: it must be a whole number %s"
                        .formatted(
                                property,
                                text,
                                least == Long.MIN_VALUE
                                        ? "of at most " + most
                                        : "from %d to %d".formatted(least, most)));
    }

    private static boolean yesOrNo(String property) {
        String text = System.getProperty(property, "false");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "-D%s=%s: it must be true or false".formatted(property, text));
        };
    }
}

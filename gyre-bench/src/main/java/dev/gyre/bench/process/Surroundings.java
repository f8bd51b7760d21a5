package dev.gyre.bench.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/// The machine around the measured processes: what it is, and what else it does.
final class Surroundings {

    private static final Path STAT = Path.of("/proc/stat");

    /// The unit in which Linux counts the time of all processes: ticks of 10 ms.
    private static final long TICK_NANOS = 10_000_000;

    private Surroundings() {}

    /// Returns a line about the machine, how busy it is now, and how it measures.
    static String describe(Pinning pinning, Plan plan, String collector) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(
                Locale.ROOT,
                "%s %s, %s, JDK %s, %s, load average %.2f, %s; %s, %s of %s s"
                        + " after %s s of CPU time",
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.version(),
                count(Runtime.getRuntime().availableProcessors(), "core"),
                load,
                pinning,
                collector,
                count(plan.rounds(), "round"),
                seconds(plan.window()),
                seconds(plan.warmUp()));
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    /// Returns how much CPU time all cores together have been busy so far, in nanoseconds, also for
    /// other guests of the same host; 0 where the system does not tell.
    static long busyNanos() throws IOException {
        if (!Files.exists(STAT)) {
            return 0;
        }
        String[] words = Files.readString(STAT).lines().findFirst().orElse("").split(" +", -1);
        // cpu user nice system idle iowait irq softirq steal
        long ticks = 0;
        for (int i : new int[] {1, 2, 3, 6, 7, 8}) {
            ticks += Long.parseLong(words[i]);
        }
        return ticks * TICK_NANOS;
    }
}

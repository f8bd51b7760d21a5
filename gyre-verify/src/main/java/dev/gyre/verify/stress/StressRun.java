package dev.gyre.verify.stress;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs the stress tests and says in a line how they went. What jcstress has to say itself, several
/// hundred lines, goes to `log.txt` in the working directory, beside its report.
///
/// The exit status is 0 only if every planned race was run and gave no forbidden result: jcstress
/// leaves out, with exit status 0, what needs more processors than there are.
final class StressRun {

    private static final Path LOG = Path.of("log.txt");

    /// What every JVM of a race is started with, now and when there are coroutines.
    private static final String OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    /// The options of `quick`: one kind of JVM, less than half a second of racing each, which a
    /// build can afford.
    private static final List<String> QUICK =
            List.of(
                    "-m",
                    "quick",
                    "-f",
                    "1",
                    "-fsm",
                    "1",
                    "-iters",
                    "3",
                    "-time",
                    "120",
                    "-pth",
                    "false",
                    "-jvmArgs",
                    "-XX:+UseSerialGC " + OPENS);

    /// The options of `long`: interpreter, both compilers, and the second one shuffling what it
    /// may.
    private static final List<String> LONG =
            List.of(
                    "-m",
                    "default",
                    "-f",
                    "2",
                    "-fsm",
                    "2",
                    "-iters",
                    "5",
                    "-time",
                    "500",
                    "-jvmArgsPrepend",
                    OPENS);

    /// How long a run may take in each mode: longer than any takes that goes on at all.
    private static final Map<String, Duration> TIME_MAX =
            Map.of("quick", Duration.ofMinutes(10), "long", Duration.ofHours(3));

    private static final Pattern TOTALS =
            Pattern.compile("\\(Results: (\\d+) planned; (\\d+) passed, .*\\)");
    private static final Pattern RACE = Pattern.compile("\\.+ \\[\\w+] [\\w.]+\\.(\\w+)");
    private static final Pattern SAMPLES =
            Pattern.compile("\\s+\\S.*\\s([\\d,]+)\\s+<?[\\d.]+%\\s+(Acceptable|Interesting).*");

    private StressRun() {}

    /// Runs the races, and ends the process with status 1 if any went wrong.
    ///
    /// @param args `quick`, `long` or `off`, and a regular expression that selects races by name
    public static void main(String[] args) throws IOException, InterruptedException {
        String mode = args[0];
        if (mode.equals("off")) {
            System.out.println("stress: off");
            return;
        }
        if (!TIME_MAX.containsKey(mode)) {
            System.err.println("stress: -Dgyre.stress is quick, long or off, not " + mode);
            System.exit(2);
        }
        long begin = System.nanoTime();
        int status = run(mode, args[1]);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        List<String> lines = Files.readAllLines(LOG);
        String problem = problem(status, lines);
        if (problem.isEmpty()) {
            System.out.printf("stress: %s, %d s%n", samples(lines), seconds);
            return;
        }
        lines.stream()
                .dropWhile(line -> !line.contains("Failed tests:"))
                .takeWhile(line -> !line.contains("All remaining tests:"))
                .forEach(System.err::println);
        System.err.printf("stress: %s; see %s%n", problem, LOG.toAbsolutePath());
        System.exit(1);
    }

    private static int run(String mode, String races) throws IOException, InterruptedException {
        deleteOldResults();
        Process process =
                new ProcessBuilder(command(mode, races))
                        .redirectErrorStream(true)
                        .redirectOutput(LOG.toFile())
                        .start();
        process.getOutputStream().close();
        Duration timeMax = TIME_MAX.getOrDefault(mode, Duration.ZERO);
        if (process.waitFor(timeMax)) {
            return process.exitValue();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return -1;
    }

    private static List<String> command(String mode, String races) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("org.openjdk.jcstress.Main");
        // Each race runs where the scheduler places it, compiled as a whole: the other ways
        // multiply the time by nine, and are meant for races of single instructions.
        command.addAll(List.of("-v", "-sc", "false", "-af", "NONE", "-hs", "256", "-r", "report"));
        command.addAll(mode.equals("quick") ? QUICK : LONG);
        command.addAll(List.of("-t", races));
        return command;
    }

    private static void deleteOldResults() throws IOException {
        try (DirectoryStream<Path> old =
                Files.newDirectoryStream(Path.of(""), "jcstress-results-*")) {
            for (Path result : old) {
                Files.delete(result);
            }
        }
    }

    /// Returns what is wrong, in words; empty if nothing is.
    private static String problem(int status, List<String> log) {
        if (status == -1) {
            return "jcstress did not end";
        }
        int planned = 0;
        int passed = 0;
        for (String line : log) {
            Matcher totals = TOTALS.matcher(line);
            if (totals.matches()) {
                planned = Integer.parseInt(totals.group(1));
                passed = Integer.parseInt(totals.group(2));
            }
        }
        if (planned == 0) {
            return "jcstress ran nothing: no race of that name, or fewer than two processors";
        }
        if (passed < planned) {
            return "%d of %d runs failed".formatted(planned - passed, planned);
        }
        return status == 0 ? "" : "jcstress ended with status " + status;
    }

    /// Returns how much was raced, from the last chapter of the log.
    private static String samples(List<String> log) {
        Map<String, Long> samples = new TreeMap<>();
        String race = "";
        for (String line : log.subList(log.indexOf("RUN RESULTS:"), log.size())) {
            Matcher name = RACE.matcher(line);
            Matcher count = SAMPLES.matcher(line);
            if (name.matches()) {
                race = name.group(1);
            } else if (count.matches()) {
                samples.merge(race, Long.valueOf(count.group(1).replace(",", "")), Long::sum);
            }
        }
        long sum = samples.values().stream().mapToLong(Long::longValue).sum();
        Map.Entry<String, Long> rarest =
                samples.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
        return String.format(
                Locale.ROOT,
                "%d races, no forbidden result in %,d samples (fewest: %,d of %s)",
                samples.size(),
                sum,
                rarest.getValue(),
                rarest.getKey());
    }
}

package dev.gyre.verify.launch;

import dev.gyre.verify.trial.Trial;
import dev.gyre.verify.trial.TrialProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Puts loops under what once stopped one for ever, under both mechanisms of coroutines: what
/// `./gyre trial` starts. Both mechanisms at once, one trial after the other.
public final class Trials {

    private static final List<String> MECHANISMS = List.of("carrier", "baton");

    /// How long a process may take beside its trial.
    private static final Duration GRACE = Duration.ofSeconds(60);

    private Trials() {}

    /// Ends the process with status 1 if a trial has failed.
    ///
    /// @param args the root of the repository, the seconds for each trial, and the trials
    public static void main(String[] args) throws Exception {
        Path reports = Path.of(args[0], "gyre-verify/target/surefire-reports-trials");
        Files.createDirectories(reports);
        long seconds = Long.parseLong(args[1]);
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(MECHANISMS.size())) {
            List<Future<Outcome>> runs = new ArrayList<>();
            for (String name : Arrays.copyOfRange(args, 2, args.length)) {
                Trial trial = Trial.valueOf(name.toUpperCase(Locale.ROOT));
                for (String mechanism : MECHANISMS) {
                    Path log = reports.resolve(name + "-" + mechanism + ".log");
                    runs.add(workers.submit(() -> run(trial, mechanism, seconds, log)));
                }
            }
            for (Future<Outcome> each : runs) {
                outcomes.add(each.get());
                outcomes.getLast().print();
            }
        }
        int bad = Outcome.countBad(outcomes);
        System.out.printf("trial: %d trials, %d failed%n", outcomes.size(), bad);
        Outcome.writeReport(reports, "dev.gyre.verify.trial", outcomes);
        System.exit(bad == 0 ? 0 : 1);
    }

    /// Runs one, in a process of its own.
    ///
    /// @param mechanism that of the coroutines
    /// @param log where the process writes all it says
    public static Outcome run(Trial trial, String mechanism, long seconds, Path log)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(trial.options());
        options.add("-Ddev.gyre.coroutines=" + mechanism);
        String name = trial.name().toLowerCase(Locale.ROOT);
        List<String> arguments = List.of(name, Long.toString(seconds));
        long begin = System.nanoTime();
        Process process =
                new ProcessBuilder(
                                TestJvm.command(options, List.of(), TrialProgram.class, arguments))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        // The child must not go on alone if this process is told to end.
        Thread ending = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(ending);
        process.getOutputStream().close();
        boolean ended = process.waitFor(GRACE.plusSeconds(seconds));
        process.destroyForcibly().waitFor();
        Runtime.getRuntime().removeShutdownHook(ending);
        boolean isGood = ended && process.exitValue() == 0;
        String last = Files.readAllLines(log).stream().reduce("", (first, second) -> second);
        String text = isGood ? last : "FAILED: " + last + ", see " + log;
        double took = (System.nanoTime() - begin) / 1e9;
        return new Outcome(name + ", " + mechanism, isGood, text, took);
    }
}

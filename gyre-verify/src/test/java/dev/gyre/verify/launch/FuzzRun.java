package dev.gyre.verify.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The fuzzing of one target, in a process of its own.
final class FuzzRun {

    /// The options with which the module's build starts a JVM for the corpus.
    private static final List<String> OPTIONS =
            List.of(
                    "-XX:+EnableDynamicAgentLoading",
                    "-Xshare:auto",
                    "-Xmx512m",
                    "-Djazzer.instrument=dev.gyre.**",
                    "-Djunit.jupiter.execution.timeout.mode=disabled");

    /// How long a process may take beside its fuzzing.
    private static final Duration GRACE = Duration.ofMinutes(3);

    /// How much of a failure is told; the log has all.
    private static final int LINES_MAX = 30;

    private final String name;
    private final String testClass;
    private final Path log;
    private final Path folder;
    private final long seconds;
    private volatile boolean isUnderWay;
    private long begin;
    private long seenAtWork;

    /// @param module the folder of the module that has the class
    /// @param seconds how long to fuzz
    FuzzRun(Path module, String testClass, long seconds) {
        this.testClass = testClass;
        this.seconds = seconds;
        name = testClass.replaceFirst(".*\\.", "").replaceFirst("FuzzTest$", "");
        folder = module.resolve("target/fuzz");
        log = folder.resolve(name + ".log");
    }

    /// Fuzzes, and returns what came of it.
    Outcome run() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.deleteIfExists(log);
        begin = System.nanoTime();
        isUnderWay = true;
        try {
            return fuzz();
        } finally {
            isUnderWay = false;
        }
    }

    private Outcome fuzz() throws IOException, InterruptedException {
        Map<String, String> fuzzing =
                Map.of("JAZZER_FUZZ", "1", "JAZZER_MAX_DURATION", seconds + "s");
        TestJvm jvm = new TestJvm(OPTIONS, List.of(), fuzzing, folder, log);
        int status = jvm.run(List.of(testClass), Duration.ofSeconds(seconds).plus(GRACE));
        FuzzLog told = FuzzLog.read(log);
        String inputs = String.format(Locale.ROOT, "%,d inputs", told.inputs());
        boolean isGood = status == 0 && told.inputs() > 0;
        String text = inputs + (isGood ? ", no finding" : ", FAILED: " + problem(status, told));
        return new Outcome(name, isGood, text, elapsed());
    }

    private String problem(int status, FuzzLog told) {
        if (status != TestProgram.FAILED) {
            String what = status == TestJvm.TOO_LATE ? "it did not end" : "it broke off";
            return what + ", see " + log;
        }
        String failure =
                told.failure().stream().limit(LINES_MAX).collect(Collectors.joining("\n  "));
        String found = told.finding().isEmpty() ? "" : "\n  by the input " + told.finding();
        return failure + found + "\n  see " + log;
    }

    /// Returns whether it has begun and is not over. Any thread.
    boolean isUnderWay() {
        return isUnderWay;
    }

    /// Returns how far it is, in words, once it has begun. To be called now and then, and from one
    /// thread: the time is that since the fuzzer was first seen at work, after a slow start.
    String progress() throws IOException {
        long inputs = FuzzLog.read(log).inputs();
        if (inputs == 0) {
            return name + " is starting";
        }
        long now = System.nanoTime();
        seenAtWork = seenAtWork == 0 ? now : seenAtWork;
        long fuzzed = Math.min(seconds, TimeUnit.NANOSECONDS.toSeconds(now - seenAtWork));
        return String.format(Locale.ROOT, "%s %d/%d s, %,d inputs", name, fuzzed, seconds, inputs);
    }

    private double elapsed() {
        return (System.nanoTime() - begin) / 1e9;
    }
}

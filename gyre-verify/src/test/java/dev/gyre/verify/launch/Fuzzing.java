package dev.gyre.verify.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Fuzzes targets, each for the same time and as many at once as there are processors, and tells
/// how far they are: what `./gyre fuzz` starts.
///
/// On a terminal, as wide as `-Dgyre.columns` says, that is one line which changes each second;
/// elsewhere a line now and then.
final class Fuzzing {

    private static final long PROGRESS_NANOS = 20_000_000_000L;

    private final int columns = Integer.getInteger("gyre.columns", 0);
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<FuzzRun> runs;
    private long shown = System.nanoTime();

    private Fuzzing(List<FuzzRun> runs) {
        this.runs = runs;
    }

    /// Ends the process with status 1 if a target has failed.
    ///
    /// @param args the root of the repository, the seconds for each target, and the targets, as in
    ///   `module:class`
    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        long seconds = Long.parseLong(args[1]);
        List<FuzzRun> runs =
                Arrays.stream(args)
                        .skip(2)
                        .map(target -> target.split(":"))
                        .map(target -> new FuzzRun(root.resolve(target[0]), target[1], seconds))
                        .toList();
        System.exit(new Fuzzing(runs).run(root) ? 0 : 1);
    }

    private boolean run(Path root) throws Exception {
        int count = Math.min(runs.size(), Runtime.getRuntime().availableProcessors());
        try (ExecutorService workers = Executors.newFixedThreadPool(count)) {
            ExecutorCompletionService<Outcome> queue = new ExecutorCompletionService<>(workers);
            runs.forEach(each -> queue.submit(each::run));
            while (outcomes.size() < runs.size()) {
                Future<Outcome> done = queue.poll(1, TimeUnit.SECONDS);
                if (done == null) {
                    show();
                } else {
                    clear();
                    outcomes.add(done.get());
                    outcomes.getLast().print();
                }
            }
        }
        int bad = Outcome.countBad(outcomes);
        System.out.printf("fuzz: %d targets, %d failed%n", outcomes.size(), bad);
        Path reports = root.resolve("gyre-verify/target/surefire-reports-fuzzing");
        Outcome.writeReport(reports, "dev.gyre.verify.fuzzing", outcomes);
        return bad == 0;
    }

    /// Tells how far those are that have begun.
    private void show() throws IOException {
        List<String> parts = new ArrayList<>();
        for (FuzzRun each : runs) {
            if (each.isUnderWay()) {
                parts.add(each.progress());
            }
        }
        String line =
                "%d of %d done; %s"
                        .formatted(outcomes.size(), runs.size(), String.join("; ", parts));
        if (columns > 0) {
            clear();
            System.out.print(line.substring(0, Math.min(line.length(), columns - 1)));
            System.out.flush();
        } else if (System.nanoTime() - shown > PROGRESS_NANOS) {
            shown = System.nanoTime();
            System.out.println("  " + line);
        }
    }

    private void clear() {
        if (columns > 0) {
            System.out.print("\r\033[K");
        }
    }
}

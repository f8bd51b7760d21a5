package dev.gyre.verify.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Plants faults in the core, each alone, and tells which seed or test finds it: what `./gyre
/// mutants` starts. As many are tried at once as there are processors.
final class Mutants {

    private static final String ENDING = ".patch";

    private final Path root;

    private Mutants(Path root) {
        this.root = root;
    }

    /// Runs the tests with a fault, or without any.
    private interface Trial {

        MutantRun.Finding run() throws IOException, InterruptedException;
    }

    /// Ends the process with status 1 unless each fault was found, by tests that pass without it.
    ///
    /// @param args the root of the repository, and the names of the faults, none for all
    public static void main(String[] args) throws Exception {
        List<String> wanted = Arrays.asList(args).subList(1, args.length);
        System.exit(new Mutants(Path.of(args[0])).run(wanted) ? 0 : 1);
    }

    private boolean run(List<String> wanted) throws Exception {
        long begin = System.nanoTime();
        List<PlantedFault> faults = new ArrayList<>();
        for (String name : wanted.isEmpty() ? all() : wanted) {
            faults.add(PlantedFault.read(patches().resolve(name + ENDING)));
        }
        List<Outcome> checks = runAll(checks(faults));
        List<Outcome> found = runAll(faults.stream().map(this::plant).toList());

        List<Outcome> outcomes = Stream.of(checks, found).flatMap(List::stream).toList();
        Outcome.writeReport(
                root.resolve("gyre-verify/target/surefire-reports-mutants"),
                "dev.gyre.verify.mutants",
                outcomes);
        int lost = Outcome.countBad(found);
        System.out.printf(
                "mutants: %d planted faults found, %d not found, %.0f s%n",
                found.size() - lost, lost, seconds(begin));
        return Outcome.countBad(outcomes) == 0;
    }

    private Path patches() {
        return root.resolve("gyre-verify/src/mutants");
    }

    private List<String> all() throws IOException {
        try (Stream<Path> files = Files.list(patches())) {
            return files.map(file -> file.getFileName().toString().replace(ENDING, ""))
                    .sorted()
                    .toList();
        }
    }

    /// Returns what runs the tests that are to find the faults once without any, since they must
    /// not fail then.
    private List<Callable<Outcome>> checks(List<PlantedFault> faults) {
        Map<String, Integer> seeds = new TreeMap<>();
        faults.forEach(fault -> seeds.merge(fault.tests(), fault.seeds(), Math::max));
        List<Callable<Outcome>> checks = new ArrayList<>();
        seeds.forEach((tests, count) -> {
            Path folder = folder("no-fault-" + tests.replaceFirst(".*\\.", ""));
            MutantRun run = new MutantRun(root, folder);
            checks.add(() -> attempt("no fault", false, () -> run.test(tests, count)));
        });
        return checks;
    }

    private Callable<Outcome> plant(PlantedFault fault) {
        MutantRun run = new MutantRun(root, folder(fault.name()));
        return () -> attempt(fault.name(), true, () -> run.plant(fault));
    }

    private Path folder(String name) {
        return root.resolve("gyre-verify/target/mutants").resolve(name);
    }

    private static Outcome attempt(String name, boolean isToFail, Trial trial)
            throws InterruptedException {
        long begin = System.nanoTime();
        Outcome outcome;
        try {
            MutantRun.Finding finding = trial.run();
            boolean isGood = finding.isFound() == isToFail;
            String text = (isGood ? "" : isToFail ? "NOT FOUND, " : "FAILS, ") + finding.text();
            outcome = new Outcome(name, isGood, text, seconds(begin));
        } catch (IOException e) {
            outcome = new Outcome(name, false, "UNDECIDED, " + e.getMessage(), seconds(begin));
        }
        outcome.print();
        return outcome;
    }

    private static List<Outcome> runAll(List<Callable<Outcome>> jobs) throws Exception {
        int count = Runtime.getRuntime().availableProcessors();
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(count)) {
            for (Future<Outcome> each : workers.invokeAll(jobs)) {
                outcomes.add(each.get());
            }
        }
        return outcomes;
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}

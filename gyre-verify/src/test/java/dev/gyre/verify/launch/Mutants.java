package dev.gyre.verify.launch;

import dev.gyre.verify.launch.MutantRun.Finding;
import dev.gyre.verify.launch.PlantedFault.Finder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Plants faults in the core, each alone, and tells which simulation and which unit test finds it:
/// what `./gyre mutants` starts. As many are tried at once as there are processors.
final class Mutants {

    private static final String ENDING = ".patch";

    private final Path root;

    private Mutants(Path root) {
        this.root = root;
    }

    /// Ends the process with status 1 unless each fault was found by all that must find it, and
    /// these pass without it.
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
        List<Trial> trials = runAll(faults.stream().map(this::plant).toList());
        List<Outcome> found = trials.stream().map(Trial::outcome).toList();

        List<Outcome> outcomes = Stream.of(checks, found).flatMap(List::stream).toList();
        Outcome.writeReport(
                root.resolve("gyre-verify/target/surefire-reports-mutants"),
                "dev.gyre.verify.mutants",
                outcomes);
        checks.forEach(Outcome::print);
        System.out.print(table(trials));
        System.out.printf("%s, %.0f s%n", summary(trials), seconds(begin));
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

    private Path folder(String name) {
        return root.resolve("gyre-verify/target/mutants").resolve(name);
    }

    // The tests without a fault.

    /// Returns what runs the tests that are to find the faults once without any, since they must
    /// not fail then: those of a class together.
    private List<Callable<Outcome>> checks(List<PlantedFault> faults) {
        Map<String, TreeSet<String>> tests = new TreeMap<>();
        Map<String, Integer> seeds = new TreeMap<>();
        for (PlantedFault fault : faults) {
            for (String test : fault.tests()) {
                String type = test.replaceFirst("#.*", "");
                tests.computeIfAbsent(type, _ -> new TreeSet<>()).add(test);
                seeds.merge(type, fault.seeds(), Math::max);
            }
        }
        return tests.keySet().stream()
                .map(type -> check(type, List.copyOf(tests.get(type)), seeds.get(type)))
                .toList();
    }

    private Callable<Outcome> check(String type, List<String> tests, int seeds) {
        String name = type.replaceFirst(".*\\.", "");
        MutantRun run = new MutantRun(root, folder("no-fault-" + name));
        return () -> {
            long begin = System.nanoTime();
            String failed;
            try {
                failed =
                        run.test(tests, seeds).stream()
                                .filter(Finding::isFailed)
                                .map(Finding::text)
                                .findFirst()
                                .orElse("");
            } catch (IOException e) {
                failed = e.getMessage();
            }
            String text = failed.isEmpty() ? "passes" : "FAILS: " + failed;
            return new Outcome("no fault: " + name, failed.isEmpty(), text, seconds(begin));
        };
    }

    // With a fault.

    /// How one fault was tried.
    ///
    /// @param simulation what to tell of the simulation
    /// @param unitTest what to tell of the unit test
    private record Trial(Outcome outcome, Cell simulation, Cell unitTest) {}

    /// What came of one test.
    private record Cell(boolean isFound, String text) {}

    private Callable<Trial> plant(PlantedFault fault) {
        MutantRun run = new MutantRun(root, folder(fault.name()));
        return () -> {
            long begin = System.nanoTime();
            Cell simulation;
            Cell unitTest;
            boolean isGood;
            try {
                List<Finding> findings = new ArrayList<>(run.plant(fault));
                simulation = cell(fault.simulation(), fault.seeds(), findings);
                unitTest = cell(fault.unitTest(), 0, findings);
                isGood =
                        simulation.isFound == fault.simulation().isTest()
                                && unitTest.isFound == fault.unitTest().isTest();
            } catch (IOException e) {
                simulation = new Cell(false, "UNDECIDED: " + e.getMessage());
                unitTest = new Cell(false, "UNDECIDED");
                isGood = false;
            }
            String text = simulation.text + "; " + unitTest.text;
            Outcome outcome = new Outcome(fault.name(), isGood, text, seconds(begin));
            System.out.printf(
                    "%s: %s%n", fault.name(), isGood ? "found" : "NOT FOUND by all that must");
            return new Trial(outcome, simulation, unitTest);
        };
    }

    /// A simulation finds a fault by a seed, not by a test that took too long.
    ///
    /// @param findings of which the first is taken away, unless there is no test
    private static Cell cell(Finder finder, int seeds, List<Finding> findings) {
        if (!finder.isTest()) {
            return new Cell(false, "not tried: " + finder.reason());
        }
        Finding finding = findings.removeFirst();
        boolean isFound = finding.isFailed() && (seeds == 0 || finding.seeds() > 0);
        String how = seeds == 0 ? "" : ", seed %d".formatted(finding.seeds() - 1);
        return new Cell(
                isFound,
                isFound ? "yes" + how + ": " + finder.shortName() : "NO: " + finder.shortName());
    }

    // What is told of a run.

    private static String table(List<Trial> trials) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("fault", "found by simulation", "found by unit test", "seconds"));
        for (Trial each : trials) {
            rows.add(
                    List.of(
                            each.outcome.name(),
                            each.simulation.text,
                            each.unitTest.text,
                            "%7.1f".formatted(each.outcome.seconds())));
        }
        int[] widths = new int[3];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        String format = "%%-%ds  %%-%ds  %%-%ds  %%s%%n".formatted(widths[0], widths[1], widths[2]);
        StringBuilder text = new StringBuilder("\n");
        rows.forEach(row -> text.append(format.formatted(row.toArray())));
        return text.toString();
    }

    private static String summary(List<Trial> trials) {
        long good = trials.stream().filter(each -> each.outcome.isGood()).count();
        double longest =
                trials.stream().mapToDouble(each -> each.outcome.seconds()).max().orElse(0);
        String counts = "mutants: %d planted faults found, %d not found";
        return (counts + "; by simulation %d, by unit test %d; at most %.1f s for one")
                .formatted(
                        good,
                        trials.size() - good,
                        trials.stream().filter(each -> each.simulation.isFound).count(),
                        trials.stream().filter(each -> each.unitTest.isFound).count(),
                        longest);
    }

    private static <T> List<T> runAll(List<Callable<T>> jobs) throws Exception {
        int count = Runtime.getRuntime().availableProcessors();
        List<T> results = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(count)) {
            for (Future<T> each : workers.invokeAll(jobs)) {
                results.add(each.get());
            }
        }
        return results;
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}

package dev.gyre.verify.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Runs the tests that must find a planted fault, against a core that has it.
final class MutantRun {

    /// Of all the tests of a class; many times what the slowest takes.
    private static final Duration TIME_MAX = Duration.ofMinutes(6);

    private static final Pattern SEED =
            Pattern.compile("-Dgyre\\.sim\\.seed=(\\d+) fails ([A-Za-z0-9]+)");

    private static final String CORE = "gyre-core/src/main/java";

    private final Path root;
    private final Path folder;

    /// @param root that of the repository
    /// @param folder where it may write; made anew
    MutantRun(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    /// What came of a run.
    ///
    /// @param isFound whether a test has failed
    /// @param text what to tell of it
    record Finding(boolean isFound, String text) {}

    /// Runs the tests against the core as it is: unless they pass, they can find nothing.
    Finding test(String tests, int seeds) throws IOException, InterruptedException {
        return run(tests, seeds, List.of());
    }

    /// Runs the tests against the core with the fault.
    ///
    /// @throws IOException also if the fault does not fit the source, or makes no program
    Finding plant(PlantedFault fault) throws IOException, InterruptedException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        compile(fault, classes);
        return run(fault.tests(), fault.seeds(), List.of(classes));
    }

    private Finding run(String tests, int seeds, List<Path> classPath)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<String> options = new ArrayList<>();
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-Ddev.gyre.debug=true"));
        options.add("-Ddev.gyre.coroutines=carrier");
        options.add("-Djunit.jupiter.execution.timeout.default=3 m");
        if (seeds > 0) {
            options.add("-Dgyre.sim.seeds=" + seeds);
        }
        Path log = folder.resolve("log.txt");
        TestJvm jvm = new TestJvm(options, classPath, Map.of(), folder, log);
        int status = jvm.run(tests, TIME_MAX);
        return switch (status) {
            case 0 -> new Finding(false, passed(tests, seeds));
            case TestProgram.FAILED -> finding(Files.readString(log), seeds);
            case TestProgram.NOTHING -> throw new IOException("no test in " + tests);
            default -> throw new IOException("the tests broke off, see " + log);
        };
    }

    private static String passed(String tests, int seeds) {
        String all = tests.replaceFirst(".*\\.", "") + " passes";
        return seeds == 0 ? all : all + " %d seeds of each test".formatted(seeds);
    }

    /// A simulation finds a fault by a seed, not by a test that took too long.
    private static Finding finding(String log, int seeds) throws IOException {
        Matcher seed = SEED.matcher(log);
        if (seed.find()) {
            long count = Long.parseLong(seed.group(1)) + 1;
            String text =
                    "found after %d of at most %d seeds, by %s"
                            .formatted(count, seeds, seed.group(2));
            return new Finding(true, text);
        }
        String failure =
                log.lines()
                        .filter(line -> line.startsWith(TestProgram.FAILURE))
                        .map(line -> line.substring(TestProgram.FAILURE.length()))
                        .findFirst()
                        .orElse("");
        if (seeds > 0) {
            throw new IOException("a simulation fails by no seed: " + failure);
        }
        return new Finding(true, "found by " + failure.replaceFirst("\\(.*", ""));
    }

    private void compile(PlantedFault fault, Path classes) throws IOException {
        Path original = root.resolve(fault.file());
        Path changed = folder.resolve(original.getFileName().toString());
        Files.writeString(changed, fault.plantIn(Files.readString(original)));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean isDone =
                    compiler.getTask(
                                    null,
                                    files,
                                    problems,
                                    List.of("-nowarn", "-proc:none", "-d", classes.toString()),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources(original, changed)))
                            .call();
            if (!isDone) {
                throw new IOException("makes no program: " + errors(problems));
            }
        }
    }

    private static String errors(DiagnosticCollector<JavaFileObject> problems) {
        return problems.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> each.getMessage(Locale.ROOT))
                .collect(Collectors.joining("\n"));
    }

    /// Returns all sources of the core but its module's, since it is on the class path here.
    private List<Path> sources(Path original, Path changed) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(CORE))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .map(file -> file.equals(original) ? changed : file)
                    .toList();
        }
    }
}

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

/// Runs tests in a process of their own, against a core that has a planted fault, or has none.
final class MutantRun {

    /// A time many times as long as the tests of a fault take: the machine may have much else to
    /// do.
    private static final Duration TIME_MAX = Duration.ofMinutes(1);

    private static final Pattern SEED = Pattern.compile("-Dgyre\\.sim\\.seed=(\\d+) fails ");

    private static final String CLASSES = "gyre-core/target/classes";

    private final Path root;
    private final Path folder;

    /// @param root that of the repository
    /// @param folder where it may write
    MutantRun(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    /// What came of a test.
    ///
    /// @param isFailed whether it has failed
    /// @param seeds how many seeds a simulation needed to fail; 0 if it has failed by none
    /// @param text what it has failed with
    record Finding(boolean isFailed, long seeds, String text) {}

    /// Runs the tests against the core as it is: unless they pass, they can find nothing.
    ///
    /// @param tests as in `class#method`
    /// @return what came of each, in the same order
    List<Finding> test(List<String> tests, int seeds) throws IOException, InterruptedException {
        return run(tests, seeds, List.of());
    }

    /// Runs the tests that must find the fault against the core with it.
    ///
    /// @return what came of each, in the order of [PlantedFault#tests]
    /// @throws IOException also if the fault does not fit the source, or makes no program
    List<Finding> plant(PlantedFault fault) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes");
        clear(classes);
        compile(fault, Files.createDirectories(classes));
        return run(fault.tests(), fault.seeds(), List.of(classes));
    }

    private static void clear(Path classes) throws IOException {
        if (Files.exists(classes)) {
            try (Stream<Path> old = Files.walk(classes)) {
                for (Path each : old.filter(Files::isRegularFile).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private List<Finding> run(List<String> tests, int seeds, List<Path> classPath)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<String> options = new ArrayList<>();
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Ddev.gyre.debug=true"));
        // No loop is watched, as in the suites: on a busy machine a turn may take long, and its
        // record fail a test.
        options.add("-Ddev.gyre.watch=0");
        options.add("-Ddev.gyre.coroutines=carrier");
        options.add("-Djunit.jupiter.execution.timeout.default=20 s");
        if (seeds > 0) {
            options.add("-Dgyre.sim.seeds=" + seeds);
        }
        Path log = folder.resolve("log.txt");
        TestJvm jvm = new TestJvm(options, classPath, Map.of(), folder, log);
        int status = jvm.run(tests, TIME_MAX);
        List<Finding> findings = findings(Files.readString(log));
        if ((status != 0 && status != TestProgram.FAILED) || findings.size() != tests.size()) {
            throw new IOException(
                    status == TestProgram.NOTHING
                            ? "one of these is no test that is run here: " + tests
                            : "the tests broke off, see " + log);
        }
        return findings;
    }

    /// Returns what came of each test, in their order.
    static List<Finding> findings(String log) {
        List<Finding> findings = new ArrayList<>();
        for (String line : log.lines().toList()) {
            if (line.startsWith(TestProgram.PASSED)) {
                findings.add(new Finding(false, 0, ""));
            } else if (line.startsWith(TestProgram.FAILURE)) {
                String text = line.substring(TestProgram.FAILURE.length());
                Matcher seed = SEED.matcher(text);
                long seeds = seed.find() ? Long.parseLong(seed.group(1)) + 1 : 0;
                findings.add(new Finding(true, seeds, text));
            }
        }
        return findings;
    }

    /// Compiles the one source that is changed, against the classes of all the others.
    private void compile(PlantedFault fault, Path classes) throws IOException {
        Path original = root.resolve(fault.file());
        Path changed = folder.resolve(original.getFileName().toString());
        Files.writeString(changed, fault.plantIn(Files.readString(original)));
        List<String> options =
                List.of(
                        "-nowarn",
                        "-proc:none",
                        "-implicit:none",
                        "-cp",
                        root.resolve(CLASSES)
                                + System.getProperty("path.separator")
                                + System.getProperty("java.class.path"),
                        "-d",
                        classes.toString());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            Iterable<? extends JavaFileObject> sources = files.getJavaFileObjects(changed);
            if (!compiler.getTask(null, files, problems, options, null, sources).call()) {
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
}

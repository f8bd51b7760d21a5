package dev.gyre.bench.process;

import dev.gyre.bench.Commands;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// `./gyre bench`: measures servers, each in a process of its own, in turn.
///
/// Its exit status is 0 if all was measured, 1 if a server failed or the run could not go on, and 2
/// if what was asked for does not exist.
public final class ProcessBench implements Callable<Integer> {

    private final PrintStream out;
    private final PrintStream err;
    private final BenchOptions options;

    private ProcessBench(PrintStream out, PrintStream err, BenchOptions options) {
        this.out = out;
        this.err = err;
        this.options = options;
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(System.out, System.err).execute(arguments));
    }

    /// Returns the command line, which prints to the given streams.
    static CommandLine commandLine(PrintStream out, PrintStream err) {
        BenchOptions options = new BenchOptions();
        CommandSpec spec = CommandSpec.wrapWithoutInspection(new ProcessBench(out, err, options));
        return Commands.printing(options.describe(spec), out, err);
    }

    @Override
    public Integer call() throws IOException {
        // The options are read first of all, since they may be refused.
        List<Scenario> scenarios = options.scenarios();
        List<Subject> subjects = options.subjects();
        String collector = options.collector();
        if (options.isListWanted()) {
            list();
            return CommandLine.ExitCode.OK;
        }
        Path page = options.page();
        Pinning pinning = Pinning.ofThisSystem();
        List<Results> all = new ArrayList<>();
        try (ServerHome site = ServerHome.open(collector)) {
            site.makeKeyStore();
            Plan plan = options.plan(site.keyStore());
            String machine = Surroundings.describe(pinning, plan, collector);
            err.println(machine);
            err.println("The charts of each scenario, once it is done, are in " + page);
            new ProcessRunner.Builder(scenarios, subjects, plan, site, err)
                    .build(pinning)
                    .run(results -> {
                        all.add(results);
                        out.println();
                        TextTable.of(results).forEach(out::println);
                        // The page is written each time, since a run may be interrupted.
                        HtmlPage.write(page, machine, all);
                        checkOutput(page);
                    });
            out.println();
            out.println("Measured on " + machine + ".");
        }
        out.println("Charts: " + page);
        checkOutput(page);
        boolean failed = all.stream().anyMatch(Results::hasFailed);
        return failed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    /// Notices that nobody can read the tables: rather now than after hours.
    private void checkOutput(Path page) throws IOException {
        if (out.checkError()) {
            throw new IOException("the output cannot be written; the tables are in " + page);
        }
    }

    private void list() {
        out.println("Scenarios:");
        for (Scenario scenario : Scenarios.all()) {
            out.println("  %-16s %s".formatted(scenario.name(), scenario.sentence()));
        }
        out.println("Subjects:");
        for (Subject subject : Subjects.all()) {
            String missing = subject.need().missing();
            String note = missing.isEmpty() ? "" : " (skipped here: %s)".formatted(missing);
            out.println("  %-16s %s%s".formatted(subject.name(), subject.sentence(), note));
        }
    }
}

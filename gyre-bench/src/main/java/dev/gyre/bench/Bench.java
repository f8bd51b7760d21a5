package dev.gyre.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs benchmarks, each under both mechanisms of coroutines and two collectors, and prints one
/// table of medians.
///
/// ```
/// java -jar gyre-bench/target/gyre-bench.jar Switch                    # the benchmarks so named
/// java -jar gyre-bench/target/gyre-bench.jar carrier serial Switch -prof gc
/// java -jar gyre-bench/target/gyre-bench.jar ParkedMemory
/// java -jar gyre-bench/target/gyre-bench.jar Layouts
/// ```
///
/// The words `carrier`, `baton`, `serial` and `g1` narrow down where to run; the rest of the
/// arguments is JMH's.
public final class Bench {

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> rest = new ArrayList<>(List.of(arguments));
        List<JvmKind> machines = JvmKind.takeFrom(rest);
        if (rest.remove(ParkedMemory.class.getSimpleName())) {
            runInEach(machines, ParkedMemory.class, rest);
        } else if (rest.remove(Layouts.class.getSimpleName())) {
            runInEach(List.of(machines.getFirst()), Layouts.class, rest);
        } else {
            try {
                runJmh(machines, rest);
            } catch (CommandLineOptionException | RunnerException e) {
                System.err.println("gyre-bench: " + e.getMessage());
                System.exit(1);
            }
        }
    }

    private static void runJmh(List<JvmKind> machines, List<String> arguments)
            throws CommandLineOptionException, RunnerException, IOException {
        CommandLineOptions given = new CommandLineOptions(arguments.toArray(String[]::new));
        if (given.shouldHelp()) {
            given.showHelp();
            return;
        }
        if (given.shouldList()) {
            new Runner(given).list();
            return;
        }
        Medians medians = new Medians();
        for (JvmKind machine : machines) {
            List<String> jvmArgs = new ArrayList<>(machine.jvmArgs());
            jvmArgs.addAll(given.getJvmArgsAppend().orElse(List.of()));
            Options options =
                    new OptionsBuilder()
                            .parent(given)
                            .jvmArgsAppend(jvmArgs.toArray(String[]::new))
                            .build();
            for (RunResult result : new Runner(options).run()) {
                medians.add(machine, result);
            }
        }
        medians.print();
    }

    private static void runInEach(List<JvmKind> machines, Class<?> program, List<String> arguments)
            throws IOException, InterruptedException {
        for (JvmKind machine : machines) {
            List<String> command = new ArrayList<>();
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(machine.jvmArgs());
            // Else what is inlined, hence the size of frames, depends on who won a race with the
            // compiler.
            command.add("-Xbatch");
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            command.add(program.getName());
            command.addAll(arguments);
            System.out.println("== " + machine);
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new IOException(program.getSimpleName() + " ended with status " + status);
            }
        }
    }
}

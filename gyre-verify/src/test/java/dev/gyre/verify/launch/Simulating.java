package dev.gyre.verify.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Runs simulations over many seeds, under both mechanisms of coroutines at once, and adds up in
/// the end what was run: what `./gyre sim` starts.
final class Simulating {

    private static final List<String> MECHANISMS = List.of("carrier", "baton");

    private final List<String> properties;
    private final List<String> tests;

    private Simulating(List<String> properties, List<String> tests) {
        this.properties = properties;
        this.tests = tests;
    }

    /// Ends the process with status 1 if a test has failed.
    ///
    /// @param args the root of the repository, system properties for the tests as in `-Da=b`, and
    ///   the tests as in `class` or `class#method`
    public static void main(String[] args) throws Exception {
        List<String> rest = Arrays.stream(args).skip(1).toList();
        List<String> properties = rest.stream().filter(each -> each.startsWith("-D")).toList();
        List<String> tests = rest.stream().filter(each -> !each.startsWith("-D")).toList();
        System.exit(new Simulating(properties, tests).run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        SimulationTally all = new SimulationTally("both");
        List<SimulationTally> tallies = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(MECHANISMS.size())) {
            List<Future<SimulationTally>> runs = new ArrayList<>();
            MECHANISMS.forEach(each -> runs.add(workers.submit(() -> run(each))));
            for (Future<SimulationTally> each : runs) {
                tallies.add(each.get());
            }
        }
        tallies.forEach(all::add);
        tallies.add(all);
        System.out.println();
        System.out.println(SimulationTally.head());
        tallies.forEach(each -> System.out.println(each.row()));
        all.replays()
                .forEach(each -> System.out.println("A seed that fails runs alone with: " + each));
        return all.isGood();
    }

    private SimulationTally run(String mechanism) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(properties);
        options.add("-Ddev.gyre.coroutines=" + mechanism);
        options.addAll(List.of("-Ddev.gyre.debug=true", "-Dgyre.sim.progress=true"));
        Process process =
                new ProcessBuilder(
                                TestJvm.command(options, List.of(), SimulationProgram.class, tests))
                        .redirectErrorStream(true)
                        .start();
        // The child must not go on alone if this process is told to end.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        process.getOutputStream().close();
        SimulationTally tally = new SimulationTally(mechanism);
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                tally.add(line);
                System.out.printf("%-7s %s%n", mechanism, line);
            }
        }
        int status = process.waitFor();
        if (status != 0 && status != TestProgram.FAILED) {
            System.out.printf(
                    "%-7s the process of the tests ended with status %d%n", mechanism, status);
            tally.fail();
        }
        return tally;
    }
}

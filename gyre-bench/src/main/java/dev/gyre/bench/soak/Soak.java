package dev.gyre.bench.soak;

import dev.gyre.bench.Commands;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// `./gyre soak`: the chat demo under strain.
///
/// Its exit status is 0 if all is well, 1 if something went wrong or the run could not go on, 2 if
/// what was asked for does not exist, and 130 if it was interrupted.
public final class Soak implements Callable<Integer> {

    /// As shells have it: 128, and the number of the signal.
    private static final int INTERRUPTED = 130;

    private final PrintStream out;
    private final PrintStream err;
    private final SoakOptions options;

    private Soak(PrintStream out, PrintStream err, SoakOptions options) {
        this.out = out;
        this.err = err;
        this.options = options;
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(System.out, System.err).execute(arguments));
    }

    /// Returns the command line, which prints to the given streams.
    static CommandLine commandLine(PrintStream out, PrintStream err) {
        SoakOptions options = new SoakOptions();
        CommandSpec spec = CommandSpec.wrapWithoutInspection(new Soak(out, err, options));
        return Commands.printing(options.describe(spec), out, err);
    }

    @Override
    public Integer call() throws IOException {
        SoakPlan plan = options.plan();
        err.println("gyre soak: seed " + plan.seed());
        SoakOutcome outcome = SoakRun.run(plan, progress -> show(plan, progress));
        outcome.summary().forEach(out::println);
        out.println("Charts: " + SoakPage.write(options.page(), outcome));
        if (outcome.isInterrupted()) {
            return INTERRUPTED;
        }
        return outcome.isGood() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void show(SoakPlan plan, SoakRun.Progress progress) {
        Look look = progress.look();
        err.println(
                String.format(
                        Locale.ROOT,
                        "%s of %s: %d members, %,d lines, heap %.1f MB, resident %.0f MB,"
                                + " %d descriptors; %s",
                        clock((long) look.seconds()),
                        clock(plan.length().toSeconds()),
                        look.members(),
                        progress.told(),
                        SoakOutcome.heap(look),
                        SoakOutcome.resident(look),
                        look.server().descriptors(),
                        progress.findings()));
        if (progress.isInterrupted()) {
            err.println(
                    "gyre soak: interrupted, and waits for the guests to leave; once more ends it"
                            + " at once");
        }
    }

    private static String clock(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        return String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }
}

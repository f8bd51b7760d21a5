package dev.gyre.examples;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// `./gyre demo NAME` for a demo that ends by itself: runs it in a task, which a signal cancels.
final class ProgramCommand implements Callable<Integer> {

    private final ProgramDemo demo;
    private final PrintStream out;
    private final PrintStream err;
    private final CommandLine commandLine;

    /// Whether a signal has come; never cleared. Touched by the loop's thread alone.
    private boolean interrupted;

    ProgramCommand(ProgramDemo demo, PrintStream out, PrintStream err) {
        this.demo = demo;
        this.out = out;
        this.err = err;
        CommandSpec spec = CommandSpec.wrapWithoutInspection(this, Gyre.FACTORY);
        demo.settings().forEach(setting -> spec.add(setting.spec()));
        spec.usageMessage()
                .header(demo.sentence(), "")
                .description(demo.explanation().lines().toArray(String[]::new))
                .optionListHeading("%n");
        this.commandLine = new CommandLine(spec, Gyre.FACTORY);
    }

    CommandLine commandLine() {
        return commandLine;
    }

    @Override
    public Integer call() {
        Mechanism.current().require(commandLine);
        IOLoop loop = IOLoop.instance();
        try (loop) {
            return loop.runSync(() -> runUntilSignal(loop));
        }
    }

    private int runUntilSignal(IOLoop loop) throws Exception {
        Task<?> self = Task.current();
        Callback interrupt =
                () -> {
                    interrupted = true;
                    self.cancel();
                    // The program may be blocked in the JDK, where no cancellation reaches it.
                    self.interruptBlockingCalls();
                };
        loop.onSignal("INT", interrupt);
        loop.onSignal("TERM", interrupt);
        try {
            return demo.program().run(new Settings(commandLine.getParseResult()), out, err);
        } catch (Exception e) {
            if (!interrupted) {
                throw e;
            }
            // The failure is a cancellation, or whatever a JDK call makes of an interrupt.
            err.println(demo.name() + ": interrupted");
            return CommandLine.ExitCode.OK;
        }
    }
}

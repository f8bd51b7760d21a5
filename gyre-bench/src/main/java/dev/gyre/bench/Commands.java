package dev.gyre.bench;

import dev.gyre.examples.Refusal;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// What the commands that measure have in common: what they say when they fail, and where their
/// pages go.
public final class Commands {

    /// The system property with the directory for pages that are given no path.
    private static final String PAGES_PROPERTY = "gyre.bench.pages";

    private Commands() {}

    /// Returns the command line of a command, which can be asked for help, prints to the given
    /// streams, and tells failures in one line.
    public static CommandLine commandLine(CommandSpec spec) {
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this help.")
                        .build());
        CommandLine commandLine = new CommandLine(spec);
        commandLine.setParameterExceptionHandler((failure, _) -> explain(failure));
        commandLine.setExecutionExceptionHandler((failure, command, _) -> {
            // The message of a plain IOException is made for people, that of a subclass seldom.
            boolean isForPeople = failure.getClass() == IOException.class;
            Object told = isForPeople ? failure.getMessage() : failure;
            command.getErr().println(name(command) + ": " + told);
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }

    private static int explain(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String message = Refusal.words(failure, "argument", UnaryOperator.identity());
        command.getErr()
                .println(
                        "%s: %s (see %s --help)"
                                .formatted(name(command), message, command.getCommandName()));
        return CommandLine.ExitCode.USAGE;
    }

    /// Returns the name under which a command speaks: what is typed, without the folder.
    private static String name(CommandLine command) {
        return command.getCommandName().replaceFirst("^\\./", "");
    }

    /// Has a command line print to the given streams.
    public static CommandLine printing(CommandLine commandLine, PrintStream out, PrintStream err) {
        commandLine.setOut(new PrintWriter(out, true, out.charset()));
        commandLine.setErr(new PrintWriter(err, true, err.charset()));
        return commandLine;
    }

    /// Returns the option that says where the page goes.
    public static OptionSpec page() {
        return OptionSpec.builder("--page")
                .paramLabel("FILE")
                .type(Path.class)
                .description("Where the page with the charts goes. Default: below target.")
                .build();
    }

    /// Returns where a page goes that is given no path.
    ///
    /// @param kind what its name begins with
    public static Path newPage(String kind) {
        String time =
                DateTimeFormatter.ofPattern("uuuu-MM-dd-HHmmss-SSS")
                        .format(LocalDateTime.now(ZoneId.systemDefault()));
        return Path.of(System.getProperty(PAGES_PROPERTY, "target"), kind + "-" + time + ".html");
    }
}

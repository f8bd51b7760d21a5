package dev.gyre.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line behind `./gyre`.
///
/// Its exit status is 0 if all went well, 1 if `doctor` found something wrong or a demo failed, and
/// 2 if what was asked for cannot be done; then one line on standard error says why.
public final class Gyre {

    /// How many changes a mistyped word has at most: two for two letters swapped; more make another
    /// word.
    private static final int SLIPS_MAX = 2;

    /// Picocli's own factory, made when it is needed and not before: it begins by looking for
    /// Groovy, in all jars.
    static final IFactory FACTORY =
            new IFactory() {
                @Override
                public <T> T create(Class<T> type) throws Exception {
                    return CommandLine.defaultFactory().create(type);
                }
            };

    private Gyre() {}

    /// Runs a command and ends the process with its exit status.
    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    /// Runs a command, which prints to the given streams, and returns its exit status.
    static int run(PrintStream out, PrintStream err, String... args) {
        return commandLine(out, err, wanted(args)).execute(args);
    }

    /// Returns the demo that is asked for by its name, since to make the options of all would take
    /// longer than to start a server; if none is, all demos, for the help and the suggestions.
    private static List<Demo> wanted(String... args) {
        if (args.length >= 2 && args[0].equals("demo")) {
            for (Demo demo : Demos.all()) {
                if (demo.name().equals(args[1])) {
                    return List.of(demo);
                }
            }
        }
        return Demos.all();
    }

    private static CommandLine commandLine(PrintStream out, PrintStream err, List<Demo> demos) {
        CommandSpec spec = spec(() -> usage(out));
        spec.name("./gyre");
        spec.usageMessage()
                .synopsisSubcommandLabel("COMMAND")
                .optionListHeading("%n")
                .commandListHeading("%nCommands:%n")
                .footer("", "`./gyre help` lists the commands that build, test and install.");
        CommandLine gyre = new CommandLine(spec, FACTORY);
        gyre.addSubcommand("demo", demo(out, err, demos));
        gyre.addSubcommand("doctor", doctor(out));
        gyre.addSubcommand("train", train(out));
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .scopeType(ScopeType.INHERIT)
                        .description("Shows this help.")
                        .build());
        gyre.setOut(new PrintWriter(out, true, out.charset()));
        gyre.setErr(new PrintWriter(err, true, err.charset()));
        gyre.setExpandAtFiles(false);
        gyre.setParameterExceptionHandler((failure, _) -> explain(failure));
        return gyre;
    }

    private static int usage(PrintStream out) {
        commandLine(out, out, Demos.all()).usage(out);
        return CommandLine.ExitCode.OK;
    }

    private static CommandSpec demo(PrintStream out, PrintStream err, List<Demo> demos) {
        CommandSpec spec = spec(() -> list(out));
        spec.usageMessage()
                .header("Runs a demo.", "")
                .description(
                        "Without a name, lists the demos. Ctrl-C ends a demo, if it does not end by"
                                + " itself. With --debug, tasks and futures record where they were"
                                + " made, which takes time.")
                .synopsisSubcommandLabel("[NAME [OPTIONS]]")
                .commandListHeading("%nDemos:%n");
        for (Demo demo : demos) {
            spec.addSubcommand(demo.name(), command(demo, out, err));
        }
        return spec;
    }

    private static CommandLine command(Demo demo, PrintStream out, PrintStream err) {
        return switch (demo) {
            case ServerDemo server -> new ServerCommand(server, out, err).commandLine();
            case ProgramDemo program -> new ProgramCommand(program, out, err).commandLine();
        };
    }

    private static int list(PrintStream out) {
        List<Demo> demos = Demos.all();
        int width = demos.stream().mapToInt(demo -> demo.name().length()).max().orElse(0);
        for (Demo demo : demos) {
            String gap = " ".repeat(width - demo.name().length() + 2);
            out.println(demo.name() + gap + demo.sentence());
        }
        return CommandLine.ExitCode.OK;
    }

    private static CommandSpec doctor(PrintStream out) {
        CommandSpec spec = spec(() -> examine(out));
        spec.usageMessage()
                .header("Tells what this machine and this JDK give to Gyre, and what is wrong.", "")
                .description("Exit status 0 if all is well, 1 if something is wrong.");
        return spec;
    }

    private static int examine(PrintStream out) {
        Diagnosis diagnosis = Diagnosis.of(Machine.current());
        diagnosis.lines().forEach(out::println);
        return diagnosis.isHealthy() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /// Returns the command `train`, which is not in the help: only the launcher has a use for it.
    private static CommandSpec train(PrintStream out) {
        CommandSpec spec = spec(new Training(out));
        spec.usageMessage().hidden(true);
        return spec;
    }

    private static CommandSpec spec(Callable<Integer> command) {
        return CommandSpec.wrapWithoutInspection(command, FACTORY);
    }

    /// Tells in one line why a command line cannot be obeyed, and where to learn more.
    private static int explain(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String typed = command.getCommandSpec().qualifiedName();
        String reason =
                Refusal.words(
                        failure, kindOfArgument(command), words -> words + suggestions(failure));
        // Where the world refuses, the command line was right and its help has no answer.
        Throwable cause = failure.getCause();
        boolean isOfTheWorld =
                cause instanceof IOException || cause instanceof IllegalStateException;
        String hint = isOfTheWorld ? "" : " (see %s --help)".formatted(typed);
        String name = typed.substring("./".length());
        command.getErr().println(name + ": " + reason + hint);
        return CommandLine.ExitCode.USAGE;
    }

    /// Returns the question whether another word was meant, empty if none is near.
    private static String suggestions(ParameterException failure) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        String word = unmatched.getUnmatched().getFirst();
        List<String> near =
                unmatched.getSuggestions().stream().filter(name -> isNear(word, name)).toList();
        return near.isEmpty() ? "" : "; did you mean %s?".formatted(String.join(" or ", near));
    }

    private static String kindOfArgument(CommandLine command) {
        if (command.getSubcommands().isEmpty()) {
            return "argument";
        }
        return command.getCommandName().equals("demo") ? "demo" : "command";
    }

    /// Returns whether `typed` may have been meant for `name`: it is the beginning of it, or as
    /// near to it as a slip of the fingers. Picocli suggests the nearest name, however far.
    private static boolean isNear(String typed, String name) {
        return name.startsWith(typed) || distance(typed, name) <= SLIPS_MAX;
    }

    /// Returns how many characters must be changed, put in or left out to make `to` of `from`.
    private static int distance(String from, String to) {
        int[] row = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}

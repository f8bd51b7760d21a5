package dev.gyre.bench.process;

import dev.gyre.bench.Commands;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// What `./gyre bench` can be told.
final class BenchOptions {

    private static final int ROUNDS = 9;
    private static final int ROUNDS_MAX = 1000;
    private static final BigDecimal SECONDS_MIN = new BigDecimal("0.01");
    private static final BigDecimal SECONDS_MAX = new BigDecimal(3600);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration WINDOW = Duration.ofSeconds(2);

    /// What makes `--quick` end within a minute: few rounds, short ones, and the subjects whose
    /// order is of interest.
    private static final int QUICK_ROUNDS = 3;

    private static final Duration QUICK_WARM_UP = Duration.ofMillis(1500);
    private static final Duration QUICK_WINDOW = Duration.ofSeconds(1);
    private static final List<String> QUICK_SCENARIOS = List.of("line-echo-1");
    private static final List<String> QUICK_SUBJECTS =
            List.of("floor", "netty-epoll", "netty-io_uring", "gyre");

    private static final Map<String, String> COLLECTORS =
            Map.of(
                    "serial", "-XX:+UseSerialGC",
                    "g1", "-XX:+UseG1GC",
                    "z", "-XX:+UseZGC");

    private final OptionSpec scenario =
            names("--scenario", "Only this scenario; can be repeated. Default: all.");
    private final OptionSpec subject =
            names(
                    "--subject",
                    "Only this subject; can be repeated. What the ratios refer to is measured in"
                            + " any case. Default: all.");
    private final OptionSpec rounds =
            OptionSpec.builder("--rounds")
                    .paramLabel("N")
                    .type(Integer.class)
                    .converters(BenchOptions::count)
                    .description(
                            "How many processes of each subject to measure. Default: %d, quick %d."
                                    .formatted(ROUNDS, QUICK_ROUNDS))
                    .build();
    private final OptionSpec warmUp =
            seconds(
                    "--warm-up",
                    "How much CPU time each process uses before it counts. Default: 3, quick 1.5.");
    private final OptionSpec window =
            seconds("--seconds", "How long each process is measured. Default: 2, quick 1.");
    private final OptionSpec collector =
            OptionSpec.builder("--collector")
                    .paramLabel("NAME")
                    .type(String.class)
                    .description(
                            "The collector of the servers' JVMs: serial, g1 or z. Default: serial,"
                                    + " which JVMs choose that have one core.")
                    .build();
    private final OptionSpec page = Commands.page();
    private final OptionSpec quick =
            flag(
                    "--quick",
                    "Less than a minute: few subjects and one scenario, unless they are named, and"
                            + " short rounds.");
    private final OptionSpec list = flag("--list", "Lists the scenarios and subjects.");

    /// Set once, by [#describe].
    private CommandLine commandLine = new CommandLine(CommandSpec.create());

    private static OptionSpec names(String option, String sentence) {
        return OptionSpec.builder(option)
                .paramLabel("NAME")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .splitRegex(",")
                .description(sentence)
                .build();
    }

    private static OptionSpec seconds(String option, String sentence) {
        return OptionSpec.builder(option)
                .paramLabel("S")
                .type(Duration.class)
                .converters(BenchOptions::duration)
                .description(sentence)
                .build();
    }

    private static OptionSpec flag(String option, String sentence) {
        return OptionSpec.builder(option)
                .arity("0")
                .type(boolean.class)
                .description(sentence)
                .build();
    }

    /// Adds the options to a command, and reads them from it from then on.
    CommandLine describe(CommandSpec spec) {
        spec.name("./gyre bench");
        spec.usageMessage()
                .header("Measures what servers cost, each in its own process, in turn.", "")
                .description(
                        "Starts the floor (a bare loop with the same system calls), the peers and"
                                + " Gyre one after the other, round by round, keeps each busy, and"
                                + " compares their CPU time per message with that of the floor in"
                                + " the same round. Prints a table for each scenario, and writes a"
                                + " page with charts.",
                        "",
                        "The figures are good for comparing within a run, on a machine that does"
                                + " nothing else.")
                .optionListHeading("%n");
        for (OptionSpec option :
                List.of(scenario, subject, rounds, warmUp, window, collector, page, quick, list)) {
            spec.addOption(option);
        }
        commandLine = Commands.commandLine(spec);
        return commandLine;
    }

    private <T> T given(OptionSpec option, T standard) {
        return commandLine.getParseResult().matchedOptionValue(option.longestName(), standard);
    }

    private boolean isGiven(OptionSpec option) {
        return commandLine.getParseResult().hasMatchedOption(option.longestName());
    }

    private <T> T timely(T full, T hasty) {
        return isGiven(quick) ? hasty : full;
    }

    boolean isListWanted() {
        return isGiven(list);
    }

    /// Returns the scenarios to run.
    ///
    /// @throws ParameterException if there is none of a name that was given
    List<Scenario> scenarios() {
        return select(scenario, QUICK_SCENARIOS, Scenarios.all(), Scenario::name);
    }

    /// Returns the subjects to measure, those among them that the chosen scenarios refer to.
    ///
    /// @throws ParameterException if there is none of a name that was given
    List<Subject> subjects() {
        List<Subject> chosen = select(subject, QUICK_SUBJECTS, Subjects.all(), Subject::name);
        List<String> baselines = scenarios().stream().map(Scenario::baseline).toList();
        return Subjects.all().stream()
                .filter(each -> chosen.contains(each) || baselines.contains(each.name()))
                .toList();
    }

    private <T> List<T> select(
            OptionSpec option, List<String> quickly, List<T> all, Function<T, String> name) {
        List<String> names = all.stream().map(name).toList();
        List<String> wanted = given(option, timely(names, quickly));
        if (wanted.isEmpty()) {
            throw new ParameterException(
                    commandLine,
                    "%s was given no name; there are %s"
                            .formatted(option.longestName(), String.join(", ", names)));
        }
        for (String each : wanted) {
            if (!names.contains(each)) {
                throw new ParameterException(
                        commandLine,
                        "no %s '%s', but %s"
                                .formatted(
                                        option.longestName().substring(2),
                                        each,
                                        String.join(", ", names)));
            }
        }
        refuseTwice(option, wanted);
        return all.stream().filter(each -> wanted.contains(name.apply(each))).toList();
    }

    private void refuseTwice(OptionSpec option, List<String> wanted) {
        Set<String> seen = new HashSet<>();
        for (String each : wanted) {
            if (!seen.add(each)) {
                throw new ParameterException(
                        commandLine, "%s names %s twice".formatted(option.longestName(), each));
            }
        }
    }

    Plan plan(Path keyStore) {
        return new Plan(
                given(rounds, timely(ROUNDS, QUICK_ROUNDS)),
                given(warmUp, timely(WARM_UP, QUICK_WARM_UP)),
                given(window, timely(WINDOW, QUICK_WINDOW)),
                keyStore);
    }

    /// Returns the flag that chooses the collector.
    ///
    /// @throws ParameterException if there is none of that name
    String collector() {
        String name = given(collector, "serial");
        String flag = COLLECTORS.get(name);
        if (flag == null) {
            String names = COLLECTORS.keySet().stream().sorted().collect(Collectors.joining(", "));
            throw new ParameterException(
                    commandLine, "no collector '%s', but %s".formatted(name, names));
        }
        return flag;
    }

    /// Returns where the page goes, having seen that it can be written there.
    ///
    /// @throws ParameterException if it cannot
    Path page() {
        Path file = given(page, Commands.newPage("bench")).toAbsolutePath().normalize();
        try {
            HtmlPage.probe(file);
            return file;
        } catch (IOException e) {
            throw new ParameterException(
                    commandLine, "the page cannot be written to '%s': %s".formatted(file, e), e);
        }
    }

    private static Integer count(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= ROUNDS_MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, in the same words as a number out of range.
        }
        throw new TypeConversionException(
                String.format(Locale.ROOT, "'%s' is not a number from 1 to %d", text, ROUNDS_MAX));
    }

    private static Duration duration(String text) {
        try {
            BigDecimal seconds = new BigDecimal(text);
            if (seconds.compareTo(SECONDS_MIN) >= 0 && seconds.compareTo(SECONDS_MAX) <= 0) {
                return Duration.ofNanos(seconds.movePointRight(9).longValue());
            }
        } catch (NumberFormatException e) {
            // Told below, in the same words as a number out of range.
        }
        throw new TypeConversionException(
                "'%s' is not a number of seconds from %s to %s"
                        .formatted(text, SECONDS_MIN, SECONDS_MAX));
    }
}

package dev.gyre.bench.soak;

import dev.gyre.bench.Commands;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/// What `./gyre soak` can be told.
final class SoakOptions {

    private static final Duration LENGTH = Duration.ofMinutes(10);

    /// In less there are not enough looks for the quarters of a run.
    private static final BigDecimal MINUTES_MIN = new BigDecimal("0.1");

    private static final BigDecimal MINUTES_MAX = new BigDecimal(7 * 24 * 60);
    private static final int GUESTS = 40;
    private static final int GUESTS_MAX = 1000;

    private final OptionSpec minutes =
            OptionSpec.builder("--minutes")
                    .paramLabel("M")
                    .type(Duration.class)
                    .converters(SoakOptions::length)
                    .description("How long it takes. Default: %d.".formatted(LENGTH.toMinutes()))
                    .build();
    private final OptionSpec guests =
            OptionSpec.builder("--guests")
                    .paramLabel("N")
                    .type(Integer.class)
                    .converters(SoakOptions::count)
                    .description("How many visit at a time. Default: %d.".formatted(GUESTS))
                    .build();
    private final OptionSpec seed =
            OptionSpec.builder("--seed")
                    .paramLabel("S")
                    .type(Long.class)
                    .converters(SoakOptions::seed)
                    .description(
                            "What the mixture is drawn from. Default: another each time, which is"
                                    + " printed.")
                    .build();
    private final OptionSpec plant =
            OptionSpec.builder("--plant")
                    .paramLabel("DEFECT")
                    .type(Defect.class)
                    .converters(SoakOptions::defect)
                    .description(
                            "Plants a defect, to see it found: lose or double (the proxy does that"
                                    + " to some lines), leak (some clients never leave), none."
                                    + " Default: none.")
                    .build();
    private final OptionSpec debug =
            OptionSpec.builder("--debug")
                    .arity("0")
                    .type(boolean.class)
                    .description(
                            "Has the tasks and futures of the server record where they were made,"
                                    + " which takes time.")
                    .build();
    private final OptionSpec page = Commands.page();

    /// Set once, by [#describe].
    private CommandLine commandLine = new CommandLine(CommandSpec.create());

    /// Adds the options to a command, and reads them from it from then on.
    CommandLine describe(CommandSpec spec) {
        spec.name("./gyre soak");
        spec.usageMessage()
                .header("Runs the chat demo under strain, and sees whether it holds.", "")
                .description(
                        "Clients come, go, stall, flood, break off and reset, through a proxy that"
                                + " is slow, halting and not reliable. Whatever happens to the"
                                + " others, each client must hear an unbroken stretch of what is"
                                + " said; the memory and the descriptors of the server must stay"
                                + " where they were. Prints a line every few seconds and a summary"
                                + " at the end, and writes a page with charts.",
                        "",
                        "Exit status 0 if all is well, 1 if something was lost, doubled or not"
                                + " flat. Ctrl-C ends it with status 130, and with summary and page"
                                + " of the time that it ran; once more, at once.")
                .optionListHeading("%n");
        for (OptionSpec option : List.of(minutes, guests, seed, plant, debug, page)) {
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

    SoakPlan plan() {
        return new SoakPlan(
                given(minutes, LENGTH),
                given(seed, (long) new Random().nextInt(Integer.MAX_VALUE)),
                given(guests, GUESTS),
                given(plant, Defect.NONE),
                isGiven(debug) ? List.of("-Ddev.gyre.debug=true") : List.of());
    }

    Path page() {
        return given(page, Commands.newPage("soak"));
    }

    private static Duration length(String text) {
        try {
            BigDecimal number = new BigDecimal(text);
            if (number.compareTo(MINUTES_MIN) >= 0 && number.compareTo(MINUTES_MAX) <= 0) {
                return Duration.ofMillis(number.multiply(new BigDecimal(60_000)).longValue());
            }
        } catch (NumberFormatException e) {
            // Told below, in the same words as a number out of range.
        }
        throw new TypeConversionException(
                "'%s' is not a number of minutes from %s to %s"
                        .formatted(text, MINUTES_MIN, MINUTES_MAX));
    }

    private static Integer count(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= GUESTS_MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, in the same words as a number out of range.
        }
        throw new TypeConversionException(
                "'%s' is not a number from 1 to %d".formatted(text, GUESTS_MAX));
    }

    private static Long seed(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'%s' is not a whole number".formatted(text));
        }
    }

    private static Defect defect(String text) {
        for (Defect defect : Defect.values()) {
            if (word(defect).equals(text)) {
                return defect;
            }
        }
        String words =
                Arrays.stream(Defect.values())
                        .map(SoakOptions::word)
                        .collect(Collectors.joining(", "));
        throw new TypeConversionException("no defect '%s', but %s".formatted(text, words));
    }

    private static String word(Defect defect) {
        return defect.name().toLowerCase(Locale.ROOT);
    }
}

package dev.gyre.examples;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Why a command line cannot be obeyed, in the words that all commands use: `--port is missing`,
/// where the library has a sentence of its own for each case.
public final class Refusal {

    /// How the library begins what a converter says of a value.
    private static final Pattern INVALID =
            Pattern.compile(
                    "Invalid value for (?:option '([^']+)'|positional parameter at index \\S+"
                            + " \\(([^)]+)\\))(?: \\([^)]*\\))?: ");

    private Refusal() {}

    /// Returns one line that says why.
    ///
    /// @param failure what the library says
    /// @param kind what a word is called that is neither an option nor expected, such as `demo`
    /// @param advice adds to what is said of a word that the command does not know
    public static String words(
            ParameterException failure, String kind, UnaryOperator<String> advice) {
        return switch (failure) {
            case UnmatchedArgumentException unmatched -> {
                String word = unmatched.getUnmatched().getFirst();
                String what = word.startsWith("-") ? "option" : kind;
                yield advice.apply("no %s '%s'".formatted(what, word));
            }
            case OverwrittenOptionException twice ->
                    name(twice.getOverwritten()) + " is given twice";
            case MissingParameterException missing -> missing(missing);
            default -> plain(String.valueOf(failure.getMessage()).replace('\n', ' '));
        };
    }

    private static String missing(MissingParameterException failure) {
        ArgSpec first = failure.getMissing().getFirst();
        boolean isGiven =
                first.isOption()
                        && !String.valueOf(failure.getMessage()).contains("required option");
        return isGiven
                ? "%s needs %s".formatted(name(first), first.paramLabel())
                : name(first) + " is missing";
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String plain(String message) {
        Matcher invalid = INVALID.matcher(message);
        if (!invalid.lookingAt()) {
            return message;
        }
        String name = invalid.group(1) == null ? invalid.group(2) : invalid.group(1);
        return name + ": " + message.substring(invalid.end());
    }
}

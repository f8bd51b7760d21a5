package dev.gyre.examples;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/// A number that a demo can be told, as in `--workers 10`.
///
/// @param name the option, with its dashes
/// @param label what the help calls its value
/// @param sentence what it means
/// @param standard its value unless told otherwise
/// @param reader makes the value from what was typed
record Setting<T>(
        String name, String label, String sentence, T standard, ITypeConverter<T> reader) {

    private static final int SECONDS_MAX = 3600;

    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000);

    /// Returns a whole number from 1 to `max`.
    static Setting<Integer> count(String name, String sentence, int standard, int max) {
        return new Setting<>(name, "N", sentence, standard, text -> count(text, max));
    }

    /// Returns a number of seconds, which may have a fraction.
    static Setting<Duration> seconds(String name, String sentence, Duration standard) {
        return new Setting<>(name, "S", sentence, standard, Setting::seconds);
    }

    /// Returns it as the command line wants it.
    OptionSpec option() {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(standard.getClass())
                .converters(reader)
                .description("%s Default: %s.".formatted(sentence, standardText()))
                .build();
    }

    private String standardText() {
        return standard instanceof Duration duration
                ? plainSeconds(duration)
                : String.valueOf(standard);
    }

    /// Returns a duration in seconds, as in `1.5`.
    static String plainSeconds(Duration duration) {
        return new BigDecimal(duration.toNanos())
                .divide(NANOS_PER_SECOND)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static Integer count(String text, int max) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, in the same words as a number out of range.
        }
        throw new TypeConversionException(
                String.format(Locale.ROOT, "'%s' is not a number from 1 to %d", text, max));
    }

    private static Duration seconds(String text) {
        try {
            BigDecimal seconds = new BigDecimal(text);
            if (seconds.signum() > 0 && seconds.compareTo(BigDecimal.valueOf(SECONDS_MAX)) <= 0) {
                return Duration.ofNanos(seconds.multiply(NANOS_PER_SECOND).longValue());
            }
        } catch (NumberFormatException e) {
            // Told below, in the same words as a number out of range.
        }
        throw new TypeConversionException(
                "'%s' is not a number of seconds above 0, at most %d".formatted(text, SECONDS_MAX));
    }
}

package dev.gyre.examples;

import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/// Something that a demo can be told, as in `--workers 10`.
///
/// @param name the option, with its dashes; or, of a parameter that must be given, its label
/// @param label what the help calls its value
/// @param sentence what the setting means
/// @param count how many words its value has
/// @param standard its value unless told otherwise; null if there is none
/// @param reader makes the value, or each element of a list, from a word that was typed
record Setting<T>(
        String name,
        String label,
        String sentence,
        int count,
        @Nullable T standard,
        Reader reader) {

    /// Makes a value of a word. Picocli has such an interface too, but its classes are in so old a
    /// form that the JVM takes nothing that implements it into a cache.
    @FunctionalInterface
    interface Reader {

        /// Returns the value.
        ///
        /// @throws TypeConversionException if the word makes no sense; its message says why
        /// @throws InvalidPathException if it is the name of a file, and no file can be named so
        Object read(String word);
    }

    private static final int SECONDS_MAX = 3600;

    private static final int PORT_MAX = 65_535;

    /// How many digits after the point tell nanoseconds.
    private static final int NANO_DIGITS = 9;

    /// Returns a whole number from 1 to `max`.
    static Setting<Integer> count(String name, String sentence, int standard, int max) {
        return new Setting<>(name, "N", sentence, 1, standard, text -> count(text, max));
    }

    /// Returns a number of seconds, which may have a fraction.
    ///
    /// @param least the shortest time that makes sense
    static Setting<Duration> seconds(
            String name, String sentence, Duration standard, Duration least) {
        return new Setting<>(name, "S", sentence, 1, standard, text -> seconds(text, least));
    }

    /// Returns some files, none unless told otherwise.
    ///
    /// @param label what the help calls each, as in `CERT KEY`
    static Setting<List<Path>> files(String name, String label, String sentence) {
        int count = label.split(" ").length;
        return new Setting<>(name, label, sentence, count, List.of(), Path::of);
    }

    /// Returns the name and port of a server.
    static Setting<InetSocketAddress> server(String name, String sentence, String host, int port) {
        InetSocketAddress standard = InetSocketAddress.createUnresolved(host, port);
        return new Setting<>(name, "HOST:PORT", sentence, 1, standard, Setting::hostPort);
    }

    /// Returns the name and port of a server, a parameter that must be given.
    static Setting<InetSocketAddress> server(String sentence) {
        return new Setting<>("HOST:PORT", "HOST:PORT", sentence, 1, null, Setting::hostPort);
    }

    /// Returns the setting in the form that the command line is made of.
    ArgSpec spec() {
        if (isOption()) {
            return OptionSpec.builder(name)
                    .paramLabel(label)
                    .hideParamSyntax(true)
                    .arity(Integer.toString(count))
                    .type(count == 1 ? Object.class : List.class)
                    .auxiliaryTypes(Object.class)
                    .converters(reader::read)
                    .description(sentence + standardText())
                    .build();
        }
        return PositionalParamSpec.builder()
                .index("0")
                .paramLabel(label)
                .required(true)
                .type(Object.class)
                .converters(reader::read)
                .description(sentence)
                .build();
    }

    boolean isOption() {
        return name.startsWith("-");
    }

    private String standardText() {
        return switch (standard) {
            case null -> "";
            case List<?> none -> "";
            case Duration duration -> " Default: " + plainSeconds(duration) + ".";
            case InetSocketAddress server ->
                    " Default: %s:%d.".formatted(server.getHostString(), server.getPort());
            default -> " Default: " + standard + ".";
        };
    }

    /// Returns a duration in seconds, as in `1.5`.
    static String plainSeconds(Duration duration) {
        return new BigDecimal(duration.toNanos())
                .movePointLeft(NANO_DIGITS)
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
            // The mistake is told below, in the same words as a number out of range.
        }
        throw new TypeConversionException(
                String.format(Locale.ROOT, "'%s' is not a number from 1 to %d", text, max));
    }

    private static Duration seconds(String text, Duration least) {
        String min = plainSeconds(least);
        try {
            BigDecimal seconds = new BigDecimal(text);
            if (seconds.compareTo(new BigDecimal(min)) >= 0
                    && seconds.compareTo(BigDecimal.valueOf(SECONDS_MAX)) <= 0) {
                return Duration.ofNanos(seconds.movePointRight(NANO_DIGITS).longValue());
            }
        } catch (NumberFormatException e) {
            // The mistake is told below, in the same words as a number out of range.
        }
        throw new TypeConversionException(
                "'%s' is not a number of seconds from %s to %d".formatted(text, min, SECONDS_MAX));
    }

    /// An IPv6 address stands in brackets, since it has colons of its own. The name is not looked
    /// up here.
    private static InetSocketAddress hostPort(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (!host.isBlank()
                    && (isBracketed || !host.contains(":"))
                    && port >= 1
                    && port <= PORT_MAX) {
                return InetSocketAddress.createUnresolved(
                        isBracketed ? host.substring(1, host.length() - 1) : host, port);
            }
        } catch (NumberFormatException e) {
            // The mistake is told below, in the same words as a number out of range.
        }
        throw new TypeConversionException(
                "'%s' is not a server, such as localhost:8000 or [::1]:8000".formatted(text));
    }
}

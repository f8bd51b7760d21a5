package dev.gyre.examples;

import java.util.Objects;
import picocli.CommandLine.ParseResult;

/// What a demo was told on its command line.
///
/// @param given the command line
record Settings(ParseResult given) {

    /// Returns the value of a setting, the standard one if nothing was said.
    <T> T get(Setting<T> setting) {
        T value =
                setting.isOption()
                        ? given.matchedOptionValue(setting.name(), setting.standard())
                        : given.matchedPositionalValue(0, setting.standard());
        return Objects.requireNonNull(value, "the command line lacks " + setting.name());
    }
}

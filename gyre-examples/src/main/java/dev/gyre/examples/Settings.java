package dev.gyre.examples;

import picocli.CommandLine.ParseResult;

/// What a demo was told on its command line.
///
/// @param given the command line
record Settings(ParseResult given) {

    /// Returns the value of a setting, the standard one if nothing was said.
    <T> T get(Setting<T> setting) {
        return given.matchedOptionValue(setting.name(), setting.standard());
    }
}

package dev.gyre.examples;

/// A demo as the command line knows it.
sealed interface Demo permits ServerDemo, ProgramDemo {

    /// Returns what is typed after `./gyre demo`.
    String name();

    /// Returns what the demo is, in one line.
    String sentence();

    /// Returns what the demo shows and how to try it.
    String explanation();
}

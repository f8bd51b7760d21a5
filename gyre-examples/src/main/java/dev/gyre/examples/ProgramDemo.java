package dev.gyre.examples;

import java.io.PrintStream;
import java.util.List;

/// A demo that does something and ends by itself.
///
/// @param name what is typed after `./gyre demo`
/// @param sentence what it is, in one line
/// @param explanation what it shows, how to try it, and what its exit status means
/// @param settings what it can be told
/// @param program what it does
record ProgramDemo(
        String name,
        String sentence,
        String explanation,
        List<Setting<?>> settings,
        Program program)
        implements Demo {

    /// What such a demo does.
    @FunctionalInterface
    interface Program {

        /// Runs in a task of its own, on a loop of its own.
        ///
        /// @param given the settings from the command line
        /// @return the exit status
        int run(Settings given, PrintStream out, PrintStream err) throws Exception;
    }
}

package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A demo that listens and serves until a signal ends it.
///
/// @param name what is typed after `./gyre demo`
/// @param sentence what it is, in one line
/// @param explanation what it shows and how to try it
/// @param host where it listens unless told otherwise; null for all interfaces
/// @param port the port it listens on unless told otherwise; null if it must be told
/// @param settings what else it can be told
/// @param maker makes its server
record ServerDemo(
        String name,
        String sentence,
        String explanation,
        @Nullable String host,
        @Nullable Integer port,
        List<Setting<?>> settings,
        Maker maker)
        implements Demo {

    /// Makes the server of such a demo.
    @FunctionalInterface
    interface Maker {

        /// Makes a server that does not listen yet.
        ///
        /// @param loop the loop it belongs to
        /// @param given the settings from the command line
        /// @param out what the server prints to
        /// @param err where the server tells its progress
        DemoServer make(IOLoop loop, Settings given, PrintStream out, PrintStream err);
    }
}

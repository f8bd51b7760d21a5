package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import java.io.PrintStream;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A demo that listens and serves until a signal ends it.
///
/// @param name what is typed after `gyre demo`
/// @param sentence what it is, in one line
/// @param explanation what it shows and how to try it
/// @param host where it listens unless told otherwise; null for all interfaces
/// @param port the port it listens on unless told otherwise; null if it must be told
/// @param server makes its server, for a loop and the stream that it prints to
record ServerDemo(
        String name,
        String sentence,
        String explanation,
        @Nullable String host,
        @Nullable Integer port,
        BiFunction<IOLoop, PrintStream, DemoServer> server)
        implements Demo {}

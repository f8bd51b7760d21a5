package dev.gyre.bench.process;

import java.io.IOException;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/// Clients that keep a server busy. Closing it closes their connections.
interface Load extends AutoCloseable {

    /// Sends the first messages.
    void begin() throws IOException;

    /// Goes on for some time, and until at least one message is answered. Tells what happened
    /// meanwhile. Can be called again.
    ///
    /// @throws IOException if the server fails, falls silent, or answers what it was not sent
    Window run(Duration length) throws IOException;

    @Override
    void close() throws IOException;

    /// What happened in a stretch of time.
    ///
    /// @param messages how many were answered
    /// @param nanos how long it took
    /// @param latencies how long the answers took, in nanoseconds
    record Window(long messages, long nanos, Histogram latencies) {}
}

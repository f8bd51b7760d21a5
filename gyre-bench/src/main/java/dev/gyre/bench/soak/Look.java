package dev.gyre.bench.soak;

import org.HdrHistogram.Histogram;

/// How things stood at one moment of a run.
///
/// @param seconds since the run began
/// @param server the server
/// @param members who was in the room
/// @param latencies how long the lines of residents took since the look before, in nanoseconds
record Look(double seconds, Server server, int members, Histogram latencies) {

    /// What is seen of the server.
    ///
    /// @param vitals what it says itself
    /// @param residentBytes its resident memory
    /// @param descriptors how many it has open
    record Server(Vitals vitals, long residentBytes, long descriptors) {}
}

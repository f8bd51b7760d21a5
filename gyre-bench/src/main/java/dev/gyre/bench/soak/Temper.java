package dev.gyre.bench.soak;

/// How a guest behaves.
enum Temper {
    /// Says something now and then.
    CALM,

    /// Comes, says one line, and goes.
    HASTY,

    /// Stops reading for up to half a minute: long enough, at times, to be cut off.
    STALLING,

    /// Says a lot, as fast as it can.
    FLOODING,

    /// Resets its connection in the middle of it all.
    RESETTING,

    /// Ends its output in the middle of a line, which nobody must hear.
    BREAKING
}

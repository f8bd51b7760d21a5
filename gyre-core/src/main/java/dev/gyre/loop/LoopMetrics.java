package dev.gyre.loop;

import java.time.Duration;
import java.util.Objects;

/// What a loop has done and what it holds, as [IOLoop#metrics] reads it. The steps of a stage are
/// counted when the stage ends. Read on another thread, the figures may be a turn old, and come
/// from neighbouring turns.
///
/// @param turns turns of the loop that have begun
/// @param callbacks callbacks, listeners, timers and before-poll hooks that have run
/// @param handled calls of channel handlers
/// @param timers timers pending now
/// @param handlers channels registered now
/// @param longestTurn the longest time from the return of one poll to the beginning of the next
/// @param polling time spent in the poller, waiting included
/// @param blockedTurns turns that outlasted the limit given to [IOLoop#watch]
public record LoopMetrics(
        long turns,
        long callbacks,
        long handled,
        int timers,
        int handlers,
        Duration longestTurn,
        Duration polling,
        long blockedTurns) {

    /// Refuses null.
    public LoopMetrics {
        Objects.requireNonNull(longestTurn, "longestTurn");
        Objects.requireNonNull(polling, "polling");
    }
}

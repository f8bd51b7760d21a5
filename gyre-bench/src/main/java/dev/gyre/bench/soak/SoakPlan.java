package dev.gyre.bench.soak;

import java.time.Duration;
import java.util.List;

/// What a run is to be.
///
/// @param length how long guests come
/// @param seed what all draws come from; since time is real, it gives the same mixture again, not
///   the same run
/// @param guests how many visit at a time
/// @param defect what is planted
/// @param serverFlags what the JVM of the server is given besides what it always is
record SoakPlan(Duration length, long seed, int guests, Defect defect, List<String> serverFlags) {

    /// How many are in the room all the time.
    static final int RESIDENTS = 3;

    /// The quarters of a run need some looks each, and a chart no more than these.
    private static final int LOOKS = 120;

    private static final Duration BETWEEN_LOOKS_MIN = Duration.ofSeconds(1);

    /// In that time the room has told more than all the buffers between hold, so that it cuts off
    /// who stalls.
    private static final Duration STALL_MAX = Duration.ofSeconds(30);

    /// Returns how long a guest may stop reading: not so long that a short run waits for it.
    Duration stallMax() {
        Duration part = length.dividedBy(4);
        return part.compareTo(STALL_MAX) < 0 ? part : STALL_MAX;
    }

    /// Returns how long it is from look to look.
    Duration betweenLooks() {
        Duration part = length.dividedBy(LOOKS);
        return part.compareTo(BETWEEN_LOOKS_MIN) < 0 ? BETWEEN_LOOKS_MIN : part;
    }
}

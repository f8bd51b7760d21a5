package dev.gyre.bench.soak;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a server fares, as only its own process can tell.
///
/// @param heapBytes what is used of the heap after a full collection
/// @param collectionNanos how long that collection took
/// @param longestTurnNanos the longest turn of the loop since it began
/// @param turns how many turns there were
record Vitals(long heapBytes, long collectionNanos, long longestTurnNanos, long turns) {

    private static final Pattern LINE =
            Pattern.compile("vitals: heap (\\d+) collection (\\d+) turn (\\d+) turns (\\d+)");

    /// Returns the figures as a line of text.
    String line() {
        return "vitals: heap %d collection %d turn %d turns %d"
                .formatted(heapBytes, collectionNanos, longestTurnNanos, turns);
    }

    /// Returns what a line tells, or null if the line is about something else.
    static @Nullable Vitals parse(String line) {
        Matcher match = LINE.matcher(line);
        return match.matches()
                ? new Vitals(
                        Long.parseLong(match.group(1)),
                        Long.parseLong(match.group(2)),
                        Long.parseLong(match.group(3)),
                        Long.parseLong(match.group(4)))
                : null;
    }
}

package dev.gyre.stream;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The goals of reads up to a delimiter that is given as text: the same for all reads of a loop
/// that ask for the same, since a server reads its messages with one or two.
final class Goals {

    /// How many goals are kept: more than a program has, unless the peer makes delimiters up.
    private static final int GOALS_MAX = 32;

    private final Map<String, ReadGoal.Until> goals = new HashMap<>();

    /// What was asked for last, and the answer; both null at first. A server asks for the same
    /// again and again, and to look that up would be 4 ns of the 70 that an echoed line costs.
    private @Nullable String lastDelimiter;

    private ReadGoal.@Nullable Until lastGoal;

    /// Returns the goal of a read up to a delimiter, its UTF-8 bytes.
    ReadGoal.Until until(String delimiter, int bytesMax) {
        ReadGoal.Until last = lastGoal;
        if (last != null && last.limit() == bytesMax && delimiter.equals(lastDelimiter)) {
            return last;
        }
        ReadGoal.Until goal = known(delimiter, bytesMax);
        lastDelimiter = delimiter;
        lastGoal = goal;
        return goal;
    }

    /// With other limits than at first only the delimiter is shared.
    private ReadGoal.Until known(String delimiter, int bytesMax) {
        ReadGoal.Until goal = goals.get(delimiter);
        if (goal != null) {
            return goal.limit() == bytesMax ? goal : new ReadGoal.Until(goal.needle(), bytesMax);
        }
        Needle needle = new Needle(delimiter.getBytes(StandardCharsets.UTF_8));
        ReadGoal.Until first = new ReadGoal.Until(needle, bytesMax);
        if (goals.size() == GOALS_MAX) {
            goals.clear();
        }
        goals.put(delimiter, first);
        return first;
    }
}

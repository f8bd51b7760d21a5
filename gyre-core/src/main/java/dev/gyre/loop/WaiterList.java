package dev.gyre.loop;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Those who wait for one future, in the order in which they came: a list without an object of its
/// own, since every wait begins one. It is known by its oldest step, and null while it is empty.
///
/// Linked both ways through themselves, since a task that is cancelled leaves from any place, and
/// thousands may await one future. `before` of the oldest is the newest; hence a step is in a list
/// of this kind exactly while it has a `before`.
final class WaiterList {

    private WaiterList() {}

    /// Adds a step, and returns the oldest.
    static Step add(@Nullable Step oldest, Step step) {
        if (oldest == null) {
            step.before = step;
            return step;
        }
        Step newest = newest(oldest);
        newest.next = step;
        step.before = newest;
        oldest.before = step;
        return oldest;
    }

    /// Returns whether a list has no more than its oldest step.
    static boolean isOnly(Step oldest) {
        return oldest.before == oldest;
    }

    /// Removes a step, wherever it is in this list, in constant time, and returns the oldest of
    /// those left. Leaves one alone that is in another kind of list, or in none.
    static @Nullable Step remove(Step oldest, Step step) {
        Step before = step.before;
        if (before == null) {
            return oldest;
        }
        Step newest = newest(oldest);
        // Not the link of the newest: the queue may have touched it and then failed.
        Step after = step == newest ? null : step.next;
        step.before = null;
        step.next = null;
        if (after != null) {
            after.before = before;
        }
        if (step == oldest) {
            return after;
        }
        before.next = after;
        if (after == null) {
            oldest.before = before;
        }
        return oldest;
    }

    private static Step newest(Step oldest) {
        return Objects.requireNonNull(oldest.before, "the newest");
    }
}

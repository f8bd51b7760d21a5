package dev.gyre.loop;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The steps that wait for one future, in the order in which they came: a list without an object of
/// its own, since every wait would begin one. A list is known by its oldest step, and is null while
/// it is empty.
///
/// The steps are linked both ways through themselves, since the waiter of a task that is cancelled
/// leaves from any place, and thousands may await one future. `before` of the oldest is the newest;
/// hence a step is in a list of this kind exactly while it has a `before`.
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
    /// those left. A step that is in another kind of list, or in none, is left alone.
    static @Nullable Step remove(Step oldest, Step step) {
        Step before = step.before;
        if (before == null) {
            return oldest;
        }
        Step newest = newest(oldest);
        // The link of the newest step is not asked: the queue may have set it, and then have
        // failed.
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

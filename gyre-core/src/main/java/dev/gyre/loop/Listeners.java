package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// Those who wait for one future, in the order in which they came.
///
/// Linked both ways through themselves, since a task that is cancelled leaves from any place, and
/// thousands may await one future.
final class Listeners {

    /// Null exactly while the list is empty.
    private @Nullable Step oldest;

    /// Null exactly while the list is empty.
    private @Nullable Step newest;

    boolean isEmpty() {
        return oldest == null;
    }

    /// Returns the one step of a list that has no more, else null.
    @Nullable Step only() {
        return oldest == newest ? oldest : null;
    }

    void add(Step step) {
        step.before = newest;
        if (newest == null) {
            oldest = step;
        } else {
            newest.next = step;
        }
        newest = step;
    }

    /// Removes a step, wherever it is in this list, in constant time. Leaves one alone that is in
    /// another kind of list, or in none.
    void remove(Step step) {
        Step before = step.before;
        if (before == null && oldest != step) {
            return;
        }
        // Not the link of the newest: the queue may have touched it and then failed.
        Step after = step == newest ? null : step.next;
        if (before == null) {
            oldest = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.before = before;
        }
        step.before = null;
        step.next = null;
    }

    /// Removes and returns the oldest step, or null when there is none.
    @Nullable Step poll() {
        Step step = oldest;
        if (step != null) {
            remove(step);
        }
        return step;
    }
}

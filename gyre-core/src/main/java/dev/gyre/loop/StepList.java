package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// A FIFO list of steps for the loop's own thread.
final class StepList {

    /// The oldest step; null exactly while the list is empty.
    private @Nullable Step first;

    /// The newest step; null exactly while the list is empty.
    private @Nullable Step last;

    boolean isEmpty() {
        return first == null;
    }

    void add(Step step) {
        step.next = null;
        if (last == null) {
            first = step;
        } else {
            last.next = step;
        }
        last = step;
    }

    /// Moves all steps of `other` to the end of this list.
    void addAll(StepList other) {
        if (other.first != null && other.last != null) {
            addChain(other.first, other.last);
            other.clear();
        }
    }

    /// Adds steps that are linked already, from `head` to `tail`.
    void addChain(Step head, Step tail) {
        if (last == null) {
            first = head;
        } else {
            last.next = head;
        }
        last = tail;
    }

    /// Returns the oldest step without removing it, or null when there is none.
    @Nullable Step peek() {
        return first;
    }

    /// Removes and returns the oldest step, or null when there is none.
    @Nullable Step poll() {
        Step step = first;
        if (step != null) {
            first = step.next;
            step.next = null;
            if (first == null) {
                last = null;
            }
        }
        return step;
    }

    void clear() {
        first = null;
        last = null;
    }

    /// Removes all steps and tells them that they will not run. Those that fail at that stay.
    ///
    /// @throws RuntimeException what one of these let out, of whatever type, once the others know
    void drop() {
        Step end = last;
        Throwable failure = null;
        Step step = poll();
        while (step != null) {
            try {
                step.dropped();
            } catch (Throwable e) {
                failure = e;
                add(step);
            }
            step = step == end ? null : poll();
        }
        if (failure != null) {
            throw Rethrow.unchecked(failure);
        }
    }
}

package dev.gyre.loop;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The pending timers of a loop: a binary heap in an array, earliest deadline first, scheduling
/// order among equals.
///
/// Cancelling only marks a timer. When more than [#CANCELLED_MIN] are marked and they are more than
/// half of the heap, all of them are removed at once, so a clean-up costs O(1) per cancelled timer
/// and memory stays within twice what is really pending.
final class TimerHeap {

    /// With fewer cancelled timers than this a clean-up is not worth its visit to the whole heap.
    private static final int CANCELLED_MIN = 512;

    private static final int CAPACITY_MIN = 16;

    private final LoopThread loop;
    private @Nullable LoopTimer[] timers = new @Nullable LoopTimer[CAPACITY_MIN];

    /// How many entries of `timers` are in use, the cancelled ones included.
    private int count;

    /// How many of the entries in use are cancelled.
    private int cancelledCount;

    /// The number of the next timer, which breaks the tie between equal deadlines.
    private long sequence;

    TimerHeap(LoopThread loop) {
        this.loop = loop;
    }

    LoopThread loop() {
        return loop;
    }

    /// Returns whether there are no timers, not even cancelled ones.
    boolean isEmpty() {
        return count == 0;
    }

    int pendingCount() {
        return count - cancelledCount;
    }

    /// Adds a timer that is due once `delay` has passed.
    LoopTimer after(Duration delay, Callback callback) {
        long now = loop.nanos();
        return add(Deadline.after(now, delay).near(now).nanos(), callback);
    }

    LoopTimer add(long deadline, Callback callback) {
        LoopTimer timer = new LoopTimer(this, deadline, sequence++, callback);
        if (count == timers.length) {
            timers = Arrays.copyOf(timers, count * 2);
        }
        siftUp(count++, timer);
        return timer;
    }

    /// Returns the earliest pending timer, or null when there is none.
    @Nullable LoopTimer first() {
        while (count > 0 && !at(0).isPending()) {
            removeFirst();
            cancelledCount--;
        }
        return count == 0 ? null : at(0);
    }

    /// Moves the timers whose deadline is `now` or earlier to the end of `due`, in their order.
    void takeDue(long now, StepList due) {
        LoopTimer timer = first();
        while (timer != null && timer.nanos() - now <= 0) {
            removeFirst();
            due.add(timer);
            timer = first();
        }
    }

    /// Called when a timer of this heap was cancelled.
    void cancelled() {
        cancelledCount++;
        if (cancelledCount > CANCELLED_MIN && cancelledCount > count / 2) {
            compact();
        }
    }

    /// Drops all timers.
    void clear() {
        for (int i = 0; i < count; i++) {
            at(i).dropped();
        }
        timers = new @Nullable LoopTimer[CAPACITY_MIN];
        count = 0;
        cancelledCount = 0;
    }

    private void compact() {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            LoopTimer timer = at(i);
            if (timer.isPending()) {
                timers[kept++] = timer;
            } else {
                timer.leftHeap();
            }
        }
        int capacity = Math.max(CAPACITY_MIN, Integer.highestOneBit(kept) * 2);
        timers = Arrays.copyOf(timers, Math.min(capacity, timers.length));
        Arrays.fill(timers, kept, timers.length, null);
        count = kept;
        cancelledCount = 0;
        for (int parent = kept / 2 - 1; parent >= 0; parent--) {
            siftDown(parent, at(parent));
        }
    }

    private void removeFirst() {
        at(0).leftHeap();
        LoopTimer last = at(--count);
        timers[count] = null;
        if (count > 0) {
            siftDown(0, last);
        }
    }

    private void siftUp(int from, LoopTimer timer) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) / 2;
            if (!timer.isBefore(at(parent))) {
                break;
            }
            timers[index] = timers[parent];
            index = parent;
        }
        timers[index] = timer;
    }

    private void siftDown(int from, LoopTimer timer) {
        int index = from;
        while (2 * index + 1 < count) {
            int child = 2 * index + 1;
            if (child + 1 < count && at(child + 1).isBefore(at(child))) {
                child++;
            }
            if (!at(child).isBefore(timer)) {
                break;
            }
            timers[index] = timers[child];
            index = child;
        }
        timers[index] = timer;
    }

    private LoopTimer at(int index) {
        LoopTimer timer = timers[index];
        if (timer == null) {
            throw new IllegalStateException("timer heap has a hole at " + index + " of " + count);
        }
        return timer;
    }
}

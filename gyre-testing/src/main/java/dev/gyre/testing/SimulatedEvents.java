package dev.gyre.testing;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// What will happen outside of the loops of a [Simulation], in the order of time; what falls
/// together happens in an order that is drawn.
final class SimulatedEvents {

    private record Event(long nanos, long draw, long number, Runnable action) {}

    private static final Comparator<Event> ORDER =
            Comparator.comparingLong(Event::nanos)
                    .thenComparingLong(Event::draw)
                    .thenComparingLong(Event::number);

    private final ManualTime time;
    private final RandomGenerator random;
    private final PriorityQueue<Event> pending = new PriorityQueue<>(ORDER);

    /// How many were ever added.
    private long added;

    SimulatedEvents(ManualTime time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /// Has something happen after a time.
    void after(long nanos, Runnable action) {
        at(time.nanos() + nanos, action);
    }

    /// Has something happen at a time.
    void at(long nanos, Runnable action) {
        pending.add(new Event(nanos, random.nextLong(), added++, action));
    }

    /// Returns when the next one is due; [Long#MAX_VALUE] if there is none.
    long next() {
        Event first = pending.peek();
        return first == null ? Long.MAX_VALUE : first.nanos;
    }

    /// Has happen what is due now; returns how many that were.
    int runDue() {
        int count = 0;
        while (next() <= time.nanos()) {
            pending.remove().action.run();
            count++;
        }
        return count;
    }
}

package dev.gyre.testing;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// The events that will happen outside of the loops of a [Simulation], in the order of time; events
/// of one moment happen in an order that is drawn.
final class SimulatedEvents {

    private record Event(long nanos, long draw, long number, Runnable action) {}

    private static final Comparator<Event> ORDER =
            Comparator.comparingLong(Event::nanos)
                    .thenComparingLong(Event::draw)
                    .thenComparingLong(Event::number);

    private final ManualTime time;
    private final RandomGenerator random;
    private final PriorityQueue<Event> pending = new PriorityQueue<>(ORDER);

    /// How many events were ever added.
    private long added;

    SimulatedEvents(ManualTime time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /// Adds an event that happens `nanos` from now.
    void after(long nanos, Runnable action) {
        at(time.nanos() + nanos, action);
    }

    /// Adds an event that happens when the clock of the simulation shows `nanos`.
    void at(long nanos, Runnable action) {
        pending.add(new Event(nanos, random.nextLong(), added++, action));
    }

    /// Returns when the next event is due; [Long#MAX_VALUE] if there is none.
    long next() {
        Event first = pending.peek();
        return first == null ? Long.MAX_VALUE : first.nanos;
    }

    /// Has the events happen that are due now; returns how many there were.
    int runDue() {
        int count = 0;
        while (next() <= time.nanos()) {
            pending.remove().action.run();
            count++;
        }
        return count;
    }
}

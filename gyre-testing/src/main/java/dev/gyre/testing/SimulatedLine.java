package dev.gyre.testing;

import java.util.ArrayDeque;
import java.util.Deque;

/// One direction of a connection between two simulated hosts: what is sent arrives in order, after
/// a while, and not as long as the hosts are parted.
final class SimulatedLine {

    private final Simulation simulation;
    private final SimulatedHost from;
    private final SimulatedHost to;

    private final Deque<Runnable> underWay = new ArrayDeque<>();

    /// When the last bytes have left.
    private long busyUntil;

    /// When what was sent last arrives.
    private long lastArrival;

    SimulatedLine(Simulation simulation, SimulatedHost from, SimulatedHost to) {
        this.simulation = simulation;
        this.from = from;
        this.to = to;
    }

    boolean isBetween(SimulatedHost one, SimulatedHost other) {
        return (from == one && to == other) || (from == other && to == one);
    }

    /// @param bytes how many there are, for the time they take
    /// @param onArrival what happens when they are there
    void send(int bytes, Runnable onArrival) {
        long now = simulation.nanos();
        busyUntil = Math.max(now, busyUntil) + simulation.faults().nanosFor(bytes);
        underWay.add(onArrival);
        comeIn(busyUntil + simulation.drawLatency());
    }

    /// Has the next thing arrive that was held up.
    void sendAgain() {
        comeIn(simulation.nanos() + simulation.drawLatency());
    }

    private void comeIn(long nanos) {
        lastArrival = Math.max(lastArrival + 1, nanos);
        simulation.events().at(lastArrival, this::arrive);
    }

    private void arrive() {
        if (simulation.areParted(from, to)) {
            simulation.heldUp(this);
        } else {
            underWay.remove().run();
        }
    }
}

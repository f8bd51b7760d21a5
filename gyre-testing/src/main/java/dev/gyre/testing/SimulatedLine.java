package dev.gyre.testing;

import java.util.ArrayDeque;
import java.util.Deque;

/// One direction of a connection between two simulated hosts: bytes that are sent arrive in order,
/// after a while, and not as long as the hosts are parted.
final class SimulatedLine {

    private final Simulation simulation;
    private final SimulatedHost from;
    private final SimulatedHost to;

    private final Deque<Runnable> underWay = new ArrayDeque<>();

    /// When the bytes that were sent last have all left.
    private long busyUntil;

    /// When the bytes that were sent last arrive.
    private long lastArrival;

    SimulatedLine(Simulation simulation, SimulatedHost from, SimulatedHost to) {
        this.simulation = simulation;
        this.from = from;
        this.to = to;
    }

    boolean isBetween(SimulatedHost one, SimulatedHost other) {
        return (from == one && to == other) || (from == other && to == one);
    }

    /// @param bytes how many bytes are sent, for the time they take
    /// @param onArrival what happens when the bytes are there
    void send(int bytes, Runnable onArrival) {
        long now = simulation.nanos();
        busyUntil = Math.max(now, busyUntil) + simulation.faults().nanosFor(bytes);
        underWay.add(onArrival);
        comeIn(busyUntil + simulation.drawLatency());
    }

    /// Has the oldest piece arrive of those that were held up while the hosts were parted.
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

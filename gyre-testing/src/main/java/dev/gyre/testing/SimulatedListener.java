package dev.gyre.testing;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.Network;
import dev.gyre.stream.Transport;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Something that accepts connections on a host of a [Simulation].
final class SimulatedListener implements Network.Listener {

    private static final int ACCEPTS_PER_TURN_MAX = 128;

    private static final long SLOW_ACCEPT_NANOS_MAX = 1_000_000_000;

    private final Simulation simulation;
    private final SimulatedNetwork network;
    private final IOLoop loop;
    private final SocketAddress address;
    private final int backlog;
    private final Deque<SimulatedTransport> waiting = new ArrayDeque<>();

    /// Who gets the connections; null before [#start].
    private @Nullable Consumer<Transport> accepted;

    private boolean paused;
    private boolean closed;

    /// Whether a look at who waits is queued.
    private boolean queued;

    SimulatedListener(
            Simulation simulation,
            SimulatedNetwork network,
            IOLoop loop,
            SocketAddress address,
            int backlog) {
        this.simulation = simulation;
        this.network = network;
        this.loop = loop;
        this.address = address;
        this.backlog = backlog;
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    boolean hasRoom() {
        return waiting.size() < backlog;
    }

    /// A connection has come.
    void offer(SimulatedTransport connection) {
        waiting.add(connection);
        look();
    }

    @Override
    public void start(Consumer<Transport> newAccepted) {
        accepted = Objects.requireNonNull(newAccepted, "accepted");
        look();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        look();
    }

    private void look() {
        if (accepted == null || paused || queued || waiting.isEmpty()) {
            return;
        }
        queued = true;
        if (simulation.draw(simulation.faults().slowAccepts())) {
            long delay = simulation.random().nextLong(SLOW_ACCEPT_NANOS_MAX);
            simulation.events().after(delay, () -> loop.addCallback(this::acceptSome));
        } else {
            loop.addCallback(this::acceptSome);
        }
    }

    private void acceptSome() {
        queued = false;
        Consumer<Transport> acceptor = Objects.requireNonNull(accepted);
        for (int count = 0; count < ACCEPTS_PER_TURN_MAX && !paused; count++) {
            SimulatedTransport next = waiting.poll();
            if (next == null) {
                return;
            }
            acceptor.accept(next);
        }
        look();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            network.closed(this);
            for (SimulatedTransport refused : waiting) {
                refused.reset();
                refused.close();
            }
            waiting.clear();
        }
    }

    @Override
    public String toString() {
        return "a listener on " + address;
    }
}

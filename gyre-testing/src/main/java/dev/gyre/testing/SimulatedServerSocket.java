package dev.gyre.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The kernel's part of a listener of a [SimulatedHost]: the connections that wait until they are
/// accepted.
///
/// This is a channel only so that the loop watches it as it watches a real one, and leaves its
/// handler alone for a while when an accept fails. Methods of a channel that nobody calls for that
/// throw.
final class SimulatedServerSocket extends ServerSocketChannel {

    private static final long SLOW_ACCEPT_NANOS_MAX = 1_000_000_000;

    private final Simulation simulation;
    private final SimulatedHost host;
    private final SocketAddress address;
    private final int backlog;

    /// What is done when the socket is closed.
    private final Runnable onClose;

    private final Deque<SimulatedTransport> waiting = new ArrayDeque<>();

    /// Until when the loop is not told that connections wait.
    private long slowUntil;

    SimulatedServerSocket(
            Simulation simulation,
            SimulatedHost host,
            SocketAddress address,
            int backlog,
            Runnable onClose) {
        super(SelectorProvider.provider());
        this.simulation = simulation;
        this.host = host;
        this.address = address;
        this.backlog = backlog;
        this.onClose = onClose;
        slowUntil = simulation.nanos();
    }

    boolean hasRoom() {
        return waiting.size() < backlog;
    }

    /// Takes in a connection that has come.
    void offer(SimulatedTransport connection) {
        waiting.add(connection);
        if (simulation.draw(simulation.faults().slowAccepts())) {
            slowUntil = simulation.nanos() + simulation.random().nextLong(SLOW_ACCEPT_NANOS_MAX);
            // An event without effect, for which the simulation stops at that time, and looks at
            // the sockets.
            simulation.events().at(slowUntil, () -> {});
        }
    }

    boolean isReady() {
        return !waiting.isEmpty() && simulation.nanos() >= slowUntil;
    }

    /// Returns the connection that has waited longest; null if none does.
    ///
    /// @throws IOException if there is no descriptor for it
    @Nullable SimulatedTransport next() throws IOException {
        if (!isReady()) {
            return null;
        }
        host.network().takeDescriptor();
        return waiting.remove();
    }

    @Override
    public SocketAddress getLocalAddress() {
        return address;
    }

    @Override
    protected void implCloseSelectableChannel() {
        onClose.run();
        for (SimulatedTransport refused : waiting) {
            refused.reset();
            refused.close();
        }
        waiting.clear();
    }

    /// Does nothing: no method of this channel ever blocks.
    @Override
    protected void implConfigureBlocking(boolean block) {}

    // Methods of a channel that a listener does not need: binding again, options, addresses,
    // blocking.

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress local, int length) {
        throw new UnsupportedOperationException(this + " is bound");
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, @Nullable T value) {
        throw new UnsupportedOperationException(this + " has no options");
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException(this + " has no options");
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public ServerSocket socket() {
        throw new UnsupportedOperationException(this + " has no socket");
    }

    @Override
    public SocketChannel accept() {
        throw new UnsupportedOperationException(this + " gives no channels");
    }

    @Override
    public String toString() {
        return "the simulated socket on " + address;
    }
}

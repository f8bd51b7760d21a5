package dev.gyre.testing;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.Network;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A listener of a server on a host of a [Simulation], which hands it the connections that come.
final class SimulatedListener implements Network.Listener {

    private static final int ACCEPTS_PER_TURN_MAX = 128;

    private final Simulation simulation;
    private final IOLoop loop;
    private final SimulatedServerSocket socket;

    /// The receiver of the connections; null before [#start].
    private @Nullable Consumer<Transport> accepted;

    private boolean paused;

    SimulatedListener(Simulation simulation, IOLoop loop, SimulatedServerSocket socket) {
        this.simulation = simulation;
        this.loop = loop;
        this.socket = socket;
    }

    @Override
    public SocketAddress address() {
        return socket.getLocalAddress();
    }

    SimulatedServerSocket socket() {
        return socket;
    }

    @Override
    public void start(Consumer<Transport> newAccepted) {
        accepted = Objects.requireNonNull(newAccepted, "accepted");
        loop.addHandler(socket, (_, events) -> onReady(events), IOLoop.READ);
    }

    private void onReady(int events) throws IOException {
        if (paused || !socket.isOpen()) {
            simulation.violated(
                    "%s was called back after its handler was %s"
                            .formatted(this, paused ? "paused" : "removed"));
        }
        if (events == IOLoop.ERROR) {
            // Descriptors ran out. The loop calls this handler again, at longer and longer
            // intervals.
            return;
        }
        Consumer<Transport> acceptor = Objects.requireNonNull(accepted);
        int count = 0;
        while (count < ACCEPTS_PER_TURN_MAX && !paused && socket.isOpen()) {
            SimulatedTransport next = socket.next();
            if (next == null) {
                return;
            }
            acceptor.accept(next);
            count++;
        }
    }

    @Override
    public void pause() {
        paused = true;
        watch(IOLoop.NONE);
    }

    @Override
    public void resume() {
        paused = false;
        watch(IOLoop.READ);
    }

    private void watch(int events) {
        if (socket.isOpen() && accepted != null) {
            loop.updateHandler(socket, events);
        }
    }

    @Override
    public void close() {
        loop.removeHandler(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "a listener on " + address();
    }
}

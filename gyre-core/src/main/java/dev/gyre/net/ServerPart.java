package dev.gyre.net;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a server has on one of its loops: listeners, and the connections that it serves there. Its
/// methods are for that loop, unless said otherwise.
final class ServerPart {

    private final IOLoop loop;
    private final ServerSettings settings;

    private final ServerWhole server;

    private final List<Network.Listener> listeners = new ArrayList<>();
    private final ConnectionList connections = new ConnectionList();

    /// How many connections were ever served here.
    private long accepted;

    /// How many connections are open that were accepted here, on whichever loop they are served.
    private int admitted;

    private long failedHandshakes;

    /// Whether the listeners are paused because as many connections are open as may be.
    private boolean paused;

    /// The futures that are done when the last connection has ended.
    private final List<LoopFuture<@Nullable Void>> waiting = new ArrayList<>();

    ServerPart(IOLoop loop, ServerSettings settings, ServerWhole server) {
        this.loop = loop;
        this.settings = settings;
        this.server = server;
    }

    /// Returns the loop. Any thread.
    IOLoop loop() {
        return loop;
    }

    List<IOStream> connections() {
        return connections.copy().stream()
                .map(Connection::stream)
                .filter(IOStream::isOpen)
                .toList();
    }

    int connectionCount() {
        return connections().size();
    }

    void handshakeFailed() {
        failedHandshakes++;
    }

    long failedHandshakeCount() {
        return failedHandshakes;
    }

    long acceptedCount() {
        return accepted;
    }

    /// Binds an address; nothing is accepted yet.
    Network.Listener bind(SocketAddress address, ListenOptions options) throws IOException {
        return Network.LOCAL.get(loop).listen(loop, address, options);
    }

    /// Begins to accept.
    ///
    /// @param acceptor gets the connections, each to be passed to a part
    void start(Network.Listener listener, Consumer<Transport> acceptor) {
        listeners.add(listener);
        listener.start(transport -> {
            admitted++;
            adjust();
            acceptor.accept(transport);
        });
        if (paused) {
            each(List.of(listener), Network.Listener::pause);
        }
    }

    /// Called when a connection that was accepted here has ended, on whichever loop.
    void released() {
        admitted--;
        adjust();
    }

    /// Accepts no more while as many connections are open as may be.
    private void adjust() {
        boolean full = admitted >= server.limit();
        if (full != paused) {
            paused = full;
            each(listeners, full ? Network.Listener::pause : Network.Listener::resume);
        }
    }

    /// Does something with each listener. The network may be the user's; if one fails, the others
    /// have their turn, and so has what comes after.
    private static void each(List<Network.Listener> listeners, Consumer<Network.Listener> action) {
        for (Network.Listener listener : listeners) {
            try {
                action.accept(listener);
            } catch (Throwable e) {
                Logs.GENERAL.log(Level.ERROR, Logs.text(listener) + " failed", e);
            }
        }
    }

    /// Takes over a connection.
    ///
    /// @param by the part that has accepted it
    void accepted(Transport transport, ServerPart by) {
        Duration idleTimeout = settings.idleTimeout;
        if (idleTimeout == null) {
            serve(transport, by);
        } else {
            IdleTransport watched = new IdleTransport(loop, transport, idleTimeout);
            Connection connection = serve(watched, by);
            if (connection != null) {
                watched.begin(connection::idle);
            }
        }
    }

    /// Returns the connection; null if there is nothing to serve, as its transport failed at once.
    private @Nullable Connection serve(Transport transport, ServerPart by) {
        IOStream stream;
        try {
            stream = new IOStream(loop, transport, settings.streamOptions);
        } catch (Throwable e) {
            server.released(by);
            Logs.GENERAL.log(Level.ERROR, "a connection could not be taken over", e);
            return null;
        }
        Connection connection = new Connection(stream, this, by);
        accepted++;
        connections.add(connection);
        connection.serve();
        return connection;
    }

    /// Called when a connection of this part is closed, and its handler has ended.
    void ended(Connection connection) {
        connections.remove(connection);
        server.released(connection.acceptedBy());
        if (connections.isEmpty()) {
            for (LoopFuture<@Nullable Void> each : waiting) {
                each.complete(null);
            }
            waiting.clear();
        }
    }

    void stop() {
        loop.checkThread("TcpServer.stop");
        each(listeners, Network.Listener::close);
        listeners.clear();
    }

    void close() {
        stop();
        connections.copy().forEach(Connection::abort);
    }

    /// Lets the handlers finish, and closes what is left when the time is up. In a task.
    ///
    /// @return the addresses of the peers whose connections were closed
    List<SocketAddress> shutdown(Duration grace) {
        stop();
        try {
            whenIdle().await(grace);
        } catch (DeadlineExceededException e) {
            // The connections that are left are told to the caller, and closed below.
        }
        List<SocketAddress> left =
                connections.copy().stream().map(each -> each.stream().remoteAddress()).toList();
        close();
        return left;
    }

    private LoopFuture<@Nullable Void> whenIdle() {
        if (connections.isEmpty()) {
            return LoopFuture.completed(loop, null);
        }
        waiting.removeIf(LoopFuture::isDone);
        LoopFuture<@Nullable Void> waited = new LoopFuture<>(loop);
        waiting.add(waited);
        return waited;
    }

    ServerSettings settings() {
        return settings;
    }
}

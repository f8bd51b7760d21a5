package dev.gyre.net;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What a server has on one of its loops: listeners, and the connections that it serves there. On
/// that loop, unless said otherwise.
final class ServerPart {

    private final IOLoop loop;
    private final Service service;

    /// How many connections may be open on this loop.
    private final int connectionsMax;

    private final List<Network.Listener> listeners = new ArrayList<>();
    private final Set<Connection> connections = new LinkedHashSet<>();

    /// How many connections were ever accepted.
    private long accepted;

    private long failedHandshakes;

    /// Whether the listeners are paused because as many connections are open as may be.
    private boolean paused;

    /// Done when the last connection has ended.
    private final List<LoopFuture<@Nullable Void>> waiting = new ArrayList<>();

    ServerPart(IOLoop loop, Service service, int connectionsMax) {
        this.loop = loop;
        this.service = service;
        this.connectionsMax = connectionsMax;
    }

    /// Any thread.
    IOLoop loop() {
        return loop;
    }

    List<IOStream> connections() {
        return connections.stream().map(Connection::stream).filter(IOStream::isOpen).toList();
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

    /// Listens on an address and returns it with its real port.
    ///
    /// @param acceptor gets the connections, each to be passed to a part
    SocketAddress listen(SocketAddress address, ListenOptions options, Consumer<Transport> acceptor)
            throws IOException {
        return start(Network.LOCAL.get(loop).listen(loop, address, options), acceptor);
    }

    /// Accepts from a socket that listens already.
    SocketAddress accept(ServerSocketChannel channel, Consumer<Transport> acceptor)
            throws IOException {
        return start(ChannelListener.of(loop, channel), acceptor);
    }

    private SocketAddress start(Network.Listener listener, Consumer<Transport> acceptor) {
        listeners.add(listener);
        listener.start(acceptor);
        if (paused) {
            listener.pause();
        }
        return listener.address();
    }

    /// Takes over a connection.
    void accepted(Transport transport) {
        Duration idleTimeout = service.idleTimeout;
        if (idleTimeout == null) {
            serve(transport);
        } else {
            IdleTransport watched = new IdleTransport(loop, transport, idleTimeout);
            Connection connection = serve(watched);
            watched.begin(connection::idle);
        }
    }

    private Connection serve(Transport transport) {
        IOStream stream = new IOStream(loop, transport, service.streamOptions);
        Connection connection = new Connection(stream, this);
        accepted++;
        connections.add(connection);
        if (connections.size() >= connectionsMax) {
            paused = true;
            listeners.forEach(Network.Listener::pause);
        }
        connection.serve();
        return connection;
    }

    /// Hears that a connection is closed, and its handler has ended.
    void ended(Connection connection) {
        connections.remove(connection);
        if (paused) {
            paused = false;
            listeners.forEach(Network.Listener::resume);
        }
        if (connections.isEmpty()) {
            for (LoopFuture<@Nullable Void> each : waiting) {
                each.complete(null);
            }
            waiting.clear();
        }
    }

    void stop() {
        loop.checkThread("TcpServer.stop");
        listeners.forEach(Network.Listener::close);
        listeners.clear();
        paused = false;
    }

    void close() {
        stop();
        List.copyOf(connections).forEach(Connection::abort);
    }

    /// Lets the handlers finish, and closes what is left when the time is up. In a task.
    ///
    /// @return whom that concerned
    List<SocketAddress> shutdown(Duration grace) {
        stop();
        try {
            whenIdle().await(grace);
        } catch (DeadlineExceededException e) {
            // Who is left is told to the caller, and closed below.
        }
        List<SocketAddress> left =
                connections.stream().map(each -> each.stream().remoteAddress()).toList();
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

    Service service() {
        return service;
    }
}

package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopGroup;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.TlsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A server for stream connections, TCP or UNIX-domain.
///
/// ```java
/// new TcpServer(stream -> {
///     while (true) {
///         stream.write(stream.readUntil("\n").await());
///         stream.drain().await();
///     }
/// }).listen(9000);
/// IOLoop.instance().start();
/// ```
///
/// It is configured first, with the `with` methods, and then told to [#listen], as often as there
/// are addresses. Each connection is served by a task of its own, on the loop that accepted it.
///
/// **Threads.** A server belongs to the loop that was current when it began to listen, and its
/// methods to that loop's thread. One on a [LoopGroup] begins to listen on the thread that made it,
/// and may then be used by that thread and by the loops of the group. These do not wait for one
/// another: what one of them tells the server is done on the others as soon as they can.
public final class TcpServer implements AutoCloseable {

    /// How long a connection whose handler has returned waits for its last bytes to leave and for
    /// its peer to end too, unless told otherwise: 10 s.
    public static final Duration LINGER = Duration.ofSeconds(10);

    /// How long a TLS handshake may take: 10 s.
    public static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private final ServerSettings settings;

    /// What the server runs on; null until it listens, then not changed any more.
    private @Nullable ServerWhole whole;

    /// What the server was told to run on; null for the current loop.
    private @Nullable IOLoop loop;

    /// The group that the server was told to run on; null for a single loop.
    private @Nullable LoopGroup group;

    private int connectionsMax = Integer.MAX_VALUE;

    /// Where it listens, in the order of the calls. Loops of a group may change it at a time.
    private final List<SocketAddress> addresses = new CopyOnWriteArrayList<>();

    private ListenOptions listenOptions = ListenOptions.defaults();

    /// Makes a server whose connections are served by tasks.
    public TcpServer(ConnectionHandler handler) {
        Objects.requireNonNull(handler, "handler");
        this.settings = new ServerSettings(connection -> connection.spawn(handler));
    }

    private TcpServer(Consumer<? super IOStream> callback) {
        Objects.requireNonNull(callback, "callback");
        this.settings = new ServerSettings(connection -> connection.call(callback));
    }

    /// Makes a server in the classic form: `callback` is called once for each connection, on its
    /// loop, and the stream is its own from then on. The server closes it only if the callback
    /// throws.
    public static TcpServer ofCallback(Consumer<? super IOStream> callback) {
        return new TcpServer(callback);
    }

    // How to serve.

    /// Runs the server on a loop that need not be the current one.
    ///
    /// @throws IllegalStateException if the server listens already
    public TcpServer withLoop(IOLoop newLoop) {
        Objects.requireNonNull(newLoop, "loop");
        checkNotListening("withLoop");
        loop = newLoop;
        return this;
    }

    /// Runs the server on all loops of a group: each loop has a listener of its own, between which
    /// the kernel distributes the connections (SO_REUSEPORT), or, where there is no such thing, the
    /// first accepts for all in turn. Then of the loops only that one may tell it to listen.
    ///
    /// @throws IllegalStateException if the server listens already
    public TcpServer withLoops(LoopGroup newGroup) {
        Objects.requireNonNull(newGroup, "group");
        checkNotListening("withLoops");
        group = newGroup;
        return this;
    }

    /// Replaces the limits of the streams.
    ///
    /// @throws IllegalStateException if the server listens already
    public TcpServer withStreamOptions(StreamOptions options) {
        checkNotListening("withStreamOptions");
        settings.streamOptions = Objects.requireNonNull(options, "options");
        return this;
    }

    /// Serves with TLS: the handler is called once the handshake is over. One that fails, or takes
    /// longer than [#HANDSHAKE], ends its connection and is counted in [#failedHandshakeCount],
    /// since port scanners would fill the log.
    ///
    /// @throws IllegalStateException if the server listens already, or these options have no
    ///   certificate or are those of a client
    public TcpServer withTls(TlsOptions options) {
        Objects.requireNonNull(options, "options");
        checkNotListening("withTls");
        options.checkServer();
        settings.tls = options;
        return this;
    }

    /// Limits how many connections are open at once. While so many are, no more are accepted, and
    /// those that come wait in the kernel. Where each loop of a group has a listener of its own, it
    /// may have an equal part of them, rounded up.
    ///
    /// @throws IllegalArgumentException if the limit is not positive
    /// @throws IllegalStateException if the server listens already
    public TcpServer withConnectionsMax(int count) {
        checkNotListening("withConnectionsMax");
        if (count <= 0) {
            throw new IllegalArgumentException(
                    "the limit of connections must be positive, not " + count);
        }
        connectionsMax = count;
        return this;
    }

    /// Closes connections on which nothing has come or gone for so long.
    ///
    /// @throws IllegalArgumentException if the time is not positive
    /// @throws IllegalStateException if the server listens already
    public TcpServer withIdleTimeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        checkNotListening("withIdleTimeout");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "the idle time-out must be positive, not " + timeout);
        }
        settings.idleTimeout = timeout;
        return this;
    }

    /// Replaces [#LINGER].
    ///
    /// @throws IllegalArgumentException if the time is negative
    /// @throws IllegalStateException if the server listens already
    public TcpServer withLinger(Duration limit) {
        Objects.requireNonNull(limit, "limit");
        checkNotListening("withLinger");
        if (limit.isNegative()) {
            throw new IllegalArgumentException(
                    "the time to linger must not be negative, as " + limit + " is");
        }
        settings.linger = limit;
        return this;
    }

    /// Replaces the way to listen.
    ///
    /// @throws IllegalStateException if the server listens already
    public TcpServer withListenOptions(ListenOptions options) {
        checkNotListening("withListenOptions");
        listenOptions = Objects.requireNonNull(options, "options");
        return this;
    }

    private void checkNotListening(String operation) {
        if (whole != null) {
            throw new IllegalStateException(
                    operation + " was called, but the server listens already; call it before");
        }
    }

    // Listening.

    /// Listens on all interfaces, IPv4 and IPv6.
    ///
    /// @param port 0 picks a free one; see [#port]
    /// @throws UncheckedIOException if the port cannot be bound
    public TcpServer listen(int port) {
        checkPort(port);
        return listen(new InetSocketAddress(port));
    }

    private static void checkPort(int port) {
        if (port < 0 || port > Addresses.PORT_MAX) {
            throw new IllegalArgumentException(
                    port + " is not a port from 0 to " + Addresses.PORT_MAX);
        }
    }

    /// Listens on all addresses of a host, all with the same port. The host is looked up here and
    /// now, which may block.
    ///
    /// @param host a name or a numeric address; nothing for all interfaces
    /// @param port 0 picks one that is free on all of them
    /// @throws UncheckedIOException if an address cannot be bound, or the host is unknown; then the
    ///   server listens on none of them
    public TcpServer listen(String host, int port) {
        Objects.requireNonNull(host, "host");
        checkPort(port);
        if (host.isEmpty()) {
            return listen(port);
        }
        if (Addresses.isIpLiteral(host)) {
            return listen(new InetSocketAddress(InetAddress.ofLiteral(host), port));
        }
        ServerWhole server = start();
        try {
            List<InetAddress> found = server.network().lookUp(host);
            addresses.addAll(server.listen(Listeners.atPort(found, port), listenOptions));
        } catch (IOException e) {
            throw refused(Logs.text(InetSocketAddress.createUnresolved(host, port)), e);
        }
        return this;
    }

    /// Listens on an address, TCP or UNIX-domain.
    ///
    /// The file of a UNIX-domain address is made so that nobody but the user can connect (mode
    /// 0600) and removed when the server stops. One that was left over is replaced; any other file,
    /// a socket that somebody listens on, and a path longer than the system takes, is refused.
    ///
    /// @throws UncheckedIOException if the address cannot be bound
    /// @throws IllegalStateException if called on a loop of the server's group, and another accepts
    ///   there for all
    public TcpServer listen(SocketAddress address) {
        Objects.requireNonNull(address, "address");
        ServerWhole server = start();
        try {
            addresses.add(server.listen(address, listenOptions));
        } catch (IOException e) {
            throw refused(Logs.text(address), e);
        }
        return this;
    }

    /// Accepts from sockets that listen already, and owns them from now on.
    ///
    /// @throws UncheckedIOException if one of them is closed
    /// @throws IllegalStateException if called on a loop of the server's group that is not the
    ///   first
    public TcpServer listen(Collection<ServerSocketChannel> listeners) {
        Objects.requireNonNull(listeners, "listeners");
        ServerWhole server = start();
        try {
            List<SocketAddress> accepting = new ArrayList<>();
            for (ServerSocketChannel listener : listeners) {
                accepting.add(server.accept(listener));
            }
            addresses.addAll(accepting);
        } catch (IOException e) {
            listeners.forEach(QuietClose::of);
            throw new UncheckedIOException(
                    "cannot accept from a socket that was given, so all of them are closed", e);
        } catch (Throwable e) {
            listeners.forEach(QuietClose::of);
            throw e;
        }
        return this;
    }

    private static UncheckedIOException refused(String address, IOException failure) {
        String reason = Logs.message(failure);
        // The reason of a bind names the address already.
        String what = reason.startsWith(address) ? reason : address + ": " + reason;
        return new UncheckedIOException("cannot listen on " + what, failure);
    }

    private ServerWhole start() {
        ServerWhole present = whole;
        if (present == null) {
            IOLoop single = loop == null ? IOLoop.current() : loop;
            List<IOLoop> loops = group == null ? List.of(single) : group.loops();
            present = new ServerWhole(loops, group != null, settings, connectionsMax);
            whole = present;
        }
        return present;
    }

    // What it does.

    /// Returns where the server listens, with real ports.
    public List<SocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /// Returns the port on which the server listens, the real one if it listens on port 0. Several
    /// addresses of one port, as a name may have, are one port.
    ///
    /// @throws IllegalStateException if it does not listen on a port, or on several
    public int port() {
        List<Integer> ports =
                addresses.stream()
                        .filter(InetSocketAddress.class::isInstance)
                        .map(address -> ((InetSocketAddress) address).getPort())
                        .distinct()
                        .toList();
        if (ports.size() == 1) {
            return ports.getFirst();
        }
        if (ports.isEmpty()) {
            throw new IllegalStateException(
                    addresses.isEmpty()
                            ? "the server does not listen, so it has no port; call listen before"
                            : "the server listens on no port, but on " + addressText());
        }
        throw new IllegalStateException(
                "the server listens on several ports: %s; see addresses()"
                        .formatted(addressText()));
    }

    private String addressText() {
        return addresses.stream().map(Logs::text).collect(Collectors.joining(", "));
    }

    /// Returns the open connections of the current loop, in the order in which they came.
    public List<IOStream> connections() {
        return here().connections();
    }

    /// Returns how many connections are open on the current loop. Those of a group are asked for
    /// with `loop.submit(server::connectionCount)`.
    public int connectionCount() {
        return here().connectionCount();
    }

    /// Returns how many connections were ever accepted on the current loop.
    public long acceptedCount() {
        return here().acceptedCount();
    }

    /// Returns how many TLS handshakes have failed on the current loop.
    public long failedHandshakeCount() {
        return here().failedHandshakeCount();
    }

    private ServerPart here() {
        if (whole == null) {
            throw new IllegalStateException("the server does not listen yet, so it has nothing");
        }
        return whole.here();
    }

    // Stopping: listening only, with a time of grace, or all at once.

    /// Stops listening. Connections go on; those that were not accepted yet are refused. Harmless
    /// the second time, and within a handler. The server may listen again: the address is free, for
    /// others too, when this returns. Called on a loop of the server's [LoopGroup], it does not
    /// wait for the other loops, which stop as soon as they can.
    ///
    /// @throws IllegalStateException if called on a thread that may not use the server, as in a
    ///   shutdown hook, while its loop runs; then nothing has changed
    public void stop() {
        checkMayEnd("stop", "server::stop");
        onAll(ServerPart::stop);
    }

    /// Stops listening, lets the handlers finish, and closes what is still open when the time is
    /// up: their tasks are cancelled, and one that goes on in spite of that is not waited for. On a
    /// loop only.
    ///
    /// @param grace zero closes at once who has not finished
    /// @return the addresses of the peers whose handlers had not finished then; empty if all had.
    ///   Cancelling it ends the wait and leaves the rest open.
    /// @throws IllegalArgumentException if the time is negative; then the server goes on
    /// @throws IllegalStateException if called on a thread that may not use the server, as in a
    ///   shutdown hook, while its loop runs; then the server goes on
    public LoopFuture<List<SocketAddress>> shutdown(Duration grace) {
        Objects.requireNonNull(grace, "grace");
        if (grace.isNegative()) {
            throw new IllegalArgumentException(
                    "the time of grace must not be negative, as " + grace + " is");
        }
        IOLoop current = IOLoop.current();
        String form = "() -> server.shutdown(grace).await()";
        checkMayEnd("shutdown", form);
        checkThread(current, "shutdown", form);
        addresses.clear();
        List<LoopFuture<List<SocketAddress>>> ends = new ArrayList<>();
        for (ServerPart part : whole == null ? List.<ServerPart>of() : whole.alive()) {
            ends.add(current.adopt(part.loop().submit(() -> part.shutdown(grace))));
        }
        return LoopFuture.all(ends).map(lists -> lists.stream().flatMap(List::stream).toList());
    }

    /// Stops listening, as [#stop] does, and closes all connections at once. Harmless the second
    /// time.
    ///
    /// @throws IllegalStateException if called on a thread that may not use the server, as in a
    ///   shutdown hook, while its loop runs; then nothing has changed
    @Override
    public void close() {
        checkMayEnd("close", "server::close");
        onAll(ServerPart::close);
    }

    private void checkMayEnd(String operation, String form) {
        IOLoop single = whole == null ? null : whole.loopOrNull();
        if (single != null) {
            checkThread(single, operation, form);
        }
    }

    private static void checkThread(IOLoop loop, String operation, String form) {
        try {
            loop.checkThread("TcpServer." + operation);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    e.getMessage() + ": loop.submit(" + form + ").join()", e);
        }
    }

    private void onAll(Consumer<ServerPart> action) {
        addresses.clear();
        if (whole != null) {
            whole.onAll(action);
        }
    }
}

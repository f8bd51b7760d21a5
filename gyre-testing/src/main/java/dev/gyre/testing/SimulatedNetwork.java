package dev.gyre.testing;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.net.ListenOptions;
import dev.gyre.net.Network;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The network of a [Simulation] as one of its hosts sees it.
final class SimulatedNetwork implements Network {

    /// The first of the ports that a system gives to sockets that ask for none (RFC 6335, section
    /// 6).
    private static final long SLOW_CONNECT_NANOS_MAX = 60_000_000_000L;

    private static final int FIRST_FREE_PORT = 49152;

    private static final int LAST_PORT = 65_535;

    /// For how long descriptors may be short at most.
    private static final long OUTAGE_NANOS_MAX = 5_000_000_000L;

    private static final long SLOW_LOOKUP_NANOS_MAX = 10_000_000_000L;

    private final Simulation simulation;
    private final SimulatedHost host;

    /// The listeners, by port, or by UNIX-domain address.
    private final Map<Object, SimulatedListener> listeners = new LinkedHashMap<>();

    /// The port that was given last to a socket that asked for none.
    private int nextPort = LAST_PORT;

    /// When descriptors are, or were, there again: until then no connection can be accepted.
    private long descriptorsBack;

    SimulatedNetwork(Simulation simulation, SimulatedHost host) {
        this.simulation = simulation;
        this.host = host;
        descriptorsBack = simulation.nanos();
    }

    Collection<SimulatedListener> listeners() {
        return List.copyOf(listeners.values());
    }

    // Listening: ports, and the descriptors that accepting takes.

    @Override
    public Listener listen(IOLoop loop, SocketAddress address, ListenOptions options)
            throws IOException {
        SocketAddress bound = bound(address);
        if (listeners.containsKey(key(bound))) {
            throw inUse(bound);
        }
        SimulatedServerSocket socket =
                new SimulatedServerSocket(
                        simulation,
                        host,
                        bound,
                        options.backlog(),
                        () -> listeners.remove(key(bound)));
        socket.configureBlocking(false);
        SimulatedListener listener = new SimulatedListener(simulation, loop, socket);
        listeners.put(key(bound), listener);
        return listener;
    }

    private static BindException inUse(SocketAddress address) {
        return new BindException(Logs.text(address) + ": Address already in use");
    }

    private SocketAddress bound(SocketAddress address) throws BindException {
        if (!(address instanceof InetSocketAddress internet)) {
            return address;
        }
        InetAddress own = internet.getAddress();
        if (!own.isAnyLocalAddress() && !own.isLoopbackAddress() && !host.has(own)) {
            throw new BindException(Logs.text(address) + ": Cannot assign requested address");
        }
        int port = internet.getPort() == 0 ? freePort() : internet.getPort();
        return new InetSocketAddress(host.address(), port);
    }

    /// Returns the ports one after the other, and then again from the first: no test has so many
    /// connections at a time.
    private int freePort() {
        do {
            nextPort = nextPort == LAST_PORT ? FIRST_FREE_PORT : nextPort + 1;
        } while (listeners.containsKey(nextPort));
        return nextPort;
    }

    private static Object key(SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getPort() : address;
    }

    /// Uses up a descriptor, of which now and then none is left for a while.
    void takeDescriptor() throws IOException {
        if (simulation.nanos() >= descriptorsBack
                && simulation.draw(simulation.faults().failingAccepts())) {
            descriptorsBack = simulation.nanos() + simulation.random().nextLong(OUTAGE_NANOS_MAX);
        }
        if (simulation.nanos() < descriptorsBack) {
            simulation.note(host + " has too many open files to accept");
            throw new IOException("Too many open files");
        }
    }

    @Override
    public boolean sharesPorts() {
        return false;
    }

    // Connecting: the way there, the arrival, the answer.

    @Override
    public LoopFuture<Transport> connect(
            IOLoop loop, SocketAddress remote, @Nullable SocketAddress local) {
        LoopFuture<Transport> result = new LoopFuture<>(loop);
        SocketAddress own;
        try {
            own = source(local);
        } catch (BindException e) {
            result.fail(new IOException("from " + e.getMessage(), e));
            return result;
        }
        SimulatedHost target = targetOf(remote);
        if (target == null) {
            simulation
                    .events()
                    .after(
                            simulation.drawLatency(),
                            () -> result.fail(new NoRouteToHostException("No route to host")));
            return result;
        }
        SimulatedLine there = new SimulatedLine(simulation, host, target);
        SimulatedLine back = new SimulatedLine(simulation, target, host);
        SimulatedTransport.End client = new SimulatedTransport.End(host, own, there);
        SimulatedTransport.End server = new SimulatedTransport.End(target, remote, back);
        simulation.note(own + " connects to " + remote);
        begin(() -> there.send(0, () -> target.network().arrived(client, server, result)));
        return result;
    }

    /// Sends a connect off at once, or now and then late.
    private void begin(Runnable sending) {
        if (simulation.draw(simulation.faults().slowConnects())) {
            long delay = simulation.random().nextLong(SLOW_CONNECT_NANOS_MAX);
            simulation.events().after(delay, sending);
        } else {
            sending.run();
        }
    }

    /// Returns the address of this end: never one at which somebody listens, or a connect could
    /// lead back to itself.
    private SocketAddress source(@Nullable SocketAddress local) throws BindException {
        if (local == null) {
            return new InetSocketAddress(host.address(), freePort());
        }
        SocketAddress bound = bound(local);
        if (listeners.containsKey(key(bound))) {
            throw inUse(bound);
        }
        return local instanceof InetSocketAddress wanted && host.has(wanted.getAddress())
                ? new InetSocketAddress(wanted.getAddress(), (int) key(bound))
                : bound;
    }

    private @Nullable SimulatedHost targetOf(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress internet)) {
            return host;
        }
        return internet.getAddress().isLoopbackAddress()
                ? host
                : simulation.hostAt(internet.getAddress());
    }

    private void arrived(
            SimulatedTransport.End client,
            SimulatedTransport.End server,
            LoopFuture<Transport> result) {
        SimulatedListener listener = listeners.get(key(server.address()));
        if (listener == null
                || !listener.socket().hasRoom()
                || simulation.draw(simulation.faults().refusals())) {
            simulation.note(server.address() + " refuses " + client.address());
            server.toPeer().send(0, () -> result.fail(new ConnectException("Connection refused")));
            return;
        }
        SimulatedTransport.Pair pair = SimulatedTransport.pair(simulation, client, server);
        listener.socket().offer(pair.server());
        server.toPeer().send(0, () -> connected(result, pair.client()));
    }

    private static void connected(LoopFuture<Transport> result, SimulatedTransport connection) {
        boolean wanted = !connection.host().loop().isClosed() && result.complete(connection);
        if (!wanted) {
            connection.close();
        }
    }

    // Names of hosts.

    @Override
    public LoopFuture<List<InetAddress>> resolve(IOLoop loop, String name) {
        LoopFuture<List<InetAddress>> result = new LoopFuture<>(loop);
        long nanos = simulation.drawLatency() + simulation.drawLatency();
        if (simulation.draw(simulation.faults().slowLookups())) {
            nanos += simulation.random().nextLong(SLOW_LOOKUP_NANOS_MAX);
        }
        boolean fails = simulation.draw(simulation.faults().failingLookups());
        simulation.events().after(nanos, () -> resolved(result, name, fails));
        return result;
    }

    private void resolved(LoopFuture<List<InetAddress>> result, String name, boolean fails) {
        try {
            if (fails) {
                simulation.note(host + " cannot look up " + name);
                throw new UnknownHostException(name + ": Temporary failure in name resolution");
            }
            result.complete(lookUp(name));
        } catch (IOException e) {
            result.fail(e);
        }
    }

    @Override
    public List<InetAddress> lookUp(String name) throws IOException {
        if (name.equals("localhost")) {
            return List.of(host.address());
        }
        SimulatedHost found = simulation.hostNamed(name);
        if (found == null) {
            throw new UnknownHostException(name);
        }
        return List.of(found.address());
    }
}

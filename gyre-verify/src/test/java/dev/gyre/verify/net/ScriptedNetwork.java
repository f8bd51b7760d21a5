package dev.gyre.verify.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.net.ListenOptions;
import dev.gyre.net.Network;
import dev.gyre.stream.Transport;
import dev.gyre.verify.loop.Thrown;
import dev.gyre.verify.stream.IdleConnection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A network in which the test decides when and how each attempt to connect ends.
final class ScriptedNetwork implements Network {

    private final List<Attempt> attempts = new ArrayList<>();
    private final List<IdleConnection> made = new ArrayList<>();

    /// What a connect to some hosts throws.
    private final Map<String, Thrown> broken = new HashMap<>();

    private record Attempt(String host, LoopFuture<Transport> result) {}

    /// Returns all hosts to which a connect was begun, in order.
    List<String> begun() {
        return attempts.stream().map(Attempt::host).toList();
    }

    /// Returns the hosts to which a connect is under way.
    List<String> underWay() {
        return attempts.stream()
                .filter(attempt -> !attempt.result().isDone())
                .map(Attempt::host)
                .toList();
    }

    /// Ends the connect to `host` by a connection.
    IdleConnection succeed(String host) {
        IdleConnection connection = new IdleConnection(new InetSocketAddress(host, 1));
        made.add(connection);
        pending(host).complete(connection);
        return connection;
    }

    /// Has a connect to `host` throw.
    void breakConnect(String host, Thrown thrown) {
        broken.put(host, thrown);
    }

    void refuse(String host) {
        pending(host).fail(new ConnectException(host + " refuses"));
    }

    private LoopFuture<Transport> pending(String host) {
        return attempts.stream()
                .filter(attempt -> attempt.host().equals(host) && !attempt.result().isDone())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no connect to " + host + " is under way"))
                .result();
    }

    /// Returns how many of the connections that were made are open.
    long open() {
        return made.stream().filter(connection -> !connection.isClosed()).count();
    }

    @Override
    public LoopFuture<Transport> connect(
            IOLoop loop, SocketAddress remote, @Nullable SocketAddress local) {
        LoopFuture<Transport> result = new LoopFuture<>(loop);
        String host = Logs.text(((InetSocketAddress) remote).getAddress());
        if (broken.containsKey(host)) {
            throw broken.get(host).thrown();
        }
        attempts.add(new Attempt(host, result));
        return result;
    }

    @Override
    public Listener listen(IOLoop loop, SocketAddress address, ListenOptions options)
            throws IOException {
        throw new IOException("nobody listens here");
    }

    @Override
    public boolean sharesPorts() {
        return false;
    }

    @Override
    public LoopFuture<List<InetAddress>> resolve(IOLoop loop, String host) {
        return LoopFuture.failed(loop, new IOException("there are no names here"));
    }

    @Override
    public List<InetAddress> lookUp(String host) throws IOException {
        throw new UnknownHostException(host);
    }
}

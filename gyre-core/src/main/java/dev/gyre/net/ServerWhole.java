package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The whole of a server: its parts, one for each of its loops, and what they do together.
final class ServerWhole {

    private final List<ServerPart> parts;

    /// Whether the loops have threads of their own, so that most of them are elsewhere.
    private final boolean onGroup;

    /// How many connections may be open on all loops together.
    private final int connectionsMax;

    /// Whether each loop accepts for itself. Written by whoever listens, before they do.
    private boolean each;

    /// Whose turn it is to get a connection from a listener that accepts for all loops. First loop.
    private int turn;

    ServerWhole(List<IOLoop> loops, boolean onGroup, ServerSettings settings, int connectionsMax) {
        this.parts = loops.stream().map(loop -> new ServerPart(loop, settings, this)).toList();
        this.onGroup = onGroup;
        this.connectionsMax = connectionsMax;
    }

    /// Returns the loop of a server that has one only; null for one on a group.
    @Nullable IOLoop loopOrNull() {
        return onGroup ? null : parts.getFirst().loop();
    }

    /// Returns the parts whose loops are not closed.
    List<ServerPart> alive() {
        return parts.stream().filter(part -> !part.loop().isClosed()).toList();
    }

    /// Returns the part of the current loop.
    ServerPart here() {
        for (ServerPart part : parts) {
            if (!isElsewhere(part)) {
                part.loop().checkThread("TcpServer");
                return part;
            }
        }
        throw new IllegalStateException(
                "the server does not listen on " + IOLoop.current() + ", so it has nothing there");
    }

    /// Returns the network of the server.
    Network network() throws IOException {
        ServerPart nearest = nearest();
        return on(nearest, () -> Network.LOCAL.get(nearest.loop()));
    }

    private boolean isElsewhere(ServerPart part) {
        return onGroup && part.loop() != IOLoop.current();
    }

    /// Returns whether this code runs on no loop of the server. Only then it may wait for one: two
    /// loops that wait for each other do so for ever where one that waits does nothing else.
    private boolean mayWait() {
        return parts.stream().allMatch(this::isElsewhere);
    }

    /// Returns the part of the current loop, or the first if that is none of the server's.
    private ServerPart nearest() {
        return parts.stream()
                .filter(part -> !isElsewhere(part))
                .findFirst()
                .orElseGet(parts::getFirst);
    }

    /// Returns the part that accepts for all, if this code may use it.
    private ServerPart acceptingForAll() {
        ServerPart first = parts.getFirst();
        ServerPart nearest = nearest();
        if (nearest != first) {
            throw new IllegalStateException(
                    "TcpServer.listen: %s accepts for all loops; call it there, not on %s"
                            .formatted(first.loop(), nearest.loop()));
        }
        return first;
    }

    // Listening.

    /// What listens on one address: a listener on each loop, or one that accepts for all.
    ///
    /// @param listeners what is bound
    /// @param options how those loops listen that follow as soon as they can, all but the one whose
    ///   listener is bound; null if none do
    private record Bound(List<PartListener> listeners, @Nullable ListenOptions options) {

        SocketAddress address() {
            return listeners.getFirst().listener().address();
        }
    }

    private record PartListener(
            ServerPart part, Network.Listener listener, Consumer<Transport> acceptor) {}

    /// Listens on an address, and returns it with its real port.
    ///
    /// @throws IOException if it cannot be bound on one of the loops; then nothing is left open
    SocketAddress listen(SocketAddress address, ListenOptions options) throws IOException {
        Bound bound = bind(address, options);
        start(bound);
        return bound.address();
    }

    /// Listens on several addresses at one port, and returns them with their real port.
    ///
    /// @throws IOException if one cannot be bound on one of the loops; then nothing is left open
    List<SocketAddress> listen(List<InetSocketAddress> addresses, ListenOptions options)
            throws IOException {
        List<Bound> all = binder(options).bindAll(addresses);
        for (Bound bound : all) {
            start(bound);
        }
        return all.stream().map(Bound::address).toList();
    }

    /// Accepts for all loops from a socket that listens already.
    SocketAddress accept(ServerSocketChannel channel) throws IOException {
        ServerPart first = acceptingForAll();
        return on(
                first,
                () -> {
                    ChannelListener listener = ChannelListener.of(first.loop(), channel);
                    first.start(listener, this::distribute);
                    return listener.address();
                });
    }

    private Binder<Bound> binder(ListenOptions options) {
        return new Binder<>() {
            @Override
            Bound bind(InetSocketAddress address) throws IOException {
                return ServerWhole.this.bind(address, options);
            }

            @Override
            int port(Bound bound) {
                return ((InetSocketAddress) bound.address()).getPort();
            }

            @Override
            void close(Bound bound) {
                ServerWhole.this.close(bound.listeners());
            }
        };
    }

    private Bound bind(SocketAddress address, ListenOptions options) throws IOException {
        boolean alone = parts.size() == 1 || !(address instanceof InetSocketAddress);
        if (alone || !network().sharesPorts()) {
            ServerPart first = acceptingForAll();
            PartListener only =
                    new PartListener(first, bind(first, address, options), this::distribute);
            return new Bound(List.of(only), null);
        }
        each = true;
        ListenOptions shared = options.withReusePort();
        return mayWait()
                ? new Bound(bindAll(address, shared), null)
                : new Bound(List.of(bindOwn(nearest(), address, shared)), shared);
    }

    private List<PartListener> bindAll(SocketAddress address, ListenOptions options)
            throws IOException {
        List<PartListener> bound = new ArrayList<>();
        SocketAddress wanted = address;
        try {
            for (ServerPart part : parts) {
                bound.add(bindOwn(part, wanted, options));
                wanted = bound.getFirst().listener().address();
            }
            return bound;
        } catch (Throwable e) {
            close(bound);
            throw e;
        }
    }

    private PartListener bindOwn(ServerPart part, SocketAddress address, ListenOptions options)
            throws IOException {
        return new PartListener(part, bind(part, address, options), ownAcceptor(part));
    }

    private static Consumer<Transport> ownAcceptor(ServerPart part) {
        return transport -> part.accepted(transport, part);
    }

    private Network.Listener bind(ServerPart part, SocketAddress address, ListenOptions options)
            throws IOException {
        return on(part, () -> part.bind(address, options));
    }

    private void start(Bound bound) throws IOException {
        for (PartListener each : bound.listeners()) {
            on(each.part(), done(() -> each.part().start(each.listener(), each.acceptor())));
        }
        ListenOptions options = bound.options();
        if (options != null) {
            ServerPart own = bound.listeners().getFirst().part();
            for (ServerPart part : parts) {
                if (part != own) {
                    run(part, () -> follow(part, bound.address(), options));
                }
            }
        }
    }

    /// Listens where another loop of the group does already. Whoever has told that one to is not
    /// waiting for this.
    private static void follow(ServerPart part, SocketAddress address, ListenOptions options) {
        try {
            part.start(part.bind(address, options), ownAcceptor(part));
        } catch (Throwable e) {
            Logs.GENERAL.log(
                    Level.ERROR,
                    "%s does not listen on %s, where other loops do"
                            .formatted(part.loop(), Logs.text(address)),
                    e);
        }
    }

    private void close(List<PartListener> listeners) {
        for (PartListener each : listeners) {
            run(each.part(), () -> each.listener().close());
        }
    }

    /// Passes a connection to the next loop in turn. On the first loop.
    private void distribute(Transport transport) {
        ServerPart first = parts.getFirst();
        ServerPart next = parts.get(turn);
        turn = (turn + 1) % parts.size();
        if (!isElsewhere(next)) {
            next.accepted(transport, first);
            return;
        }
        var _ =
                next.loop()
                        .submit(done(() -> next.accepted(transport, first)))
                        .exceptionally(loopClosed -> dropped(transport, first));
    }

    private boolean dropped(Transport transport, ServerPart by) {
        transport.close();
        released(by);
        return false;
    }

    // The limit of connections.

    /// Returns how many connections one loop may have accepted that are open: all, if it alone
    /// accepts.
    int limit() {
        return each ? Math.ceilDiv(connectionsMax, parts.size()) : connectionsMax;
    }

    /// Tells the part that has accepted a connection that this has ended. Any loop of the server.
    void released(ServerPart by) {
        run(by, by::released);
    }

    // Other loops.

    /// Runs code on the loop of a part: here at once, elsewhere as soon as that loop can.
    private void run(ServerPart part, Runnable code) {
        if (isElsewhere(part)) {
            part.loop().addCallback(code::run);
        } else {
            code.run();
        }
    }

    /// Runs code on the loop of a part and returns what it gives.
    private <T> T on(ServerPart part, Callable<T> code) throws IOException {
        try {
            return isElsewhere(part) ? part.loop().submit(code).join() : code.call();
        } catch (CompletionException e) {
            throw asIoException(e.getCause() == null ? e : e.getCause());
        } catch (Throwable e) {
            throw asIoException(e);
        }
    }

    private static IOException asIoException(Throwable failure) {
        if (failure instanceof RuntimeException own) {
            throw own;
        }
        if (failure instanceof Error own) {
            throw own;
        }
        return failure instanceof IOException io ? io : new IOException(failure);
    }

    /// Has each part do something: here at once, elsewhere as soon as its loop can. Waits for that
    /// if it [may][#mayWait]. A loop that is closed has nothing left to do it with.
    void onAll(Consumer<ServerPart> action) {
        boolean mayWait = mayWait();
        for (ServerPart part : parts) {
            if (mayWait) {
                join(part, () -> action.accept(part));
            } else {
                run(part, () -> action.accept(part));
            }
        }
    }

    private static void join(ServerPart part, Runnable code) {
        try {
            part.loop().submit(done(code)).join();
        } catch (CompletionException e) {
            if (!part.loop().isClosed()) {
                throw e;
            }
        }
    }

    private static Callable<Boolean> done(Runnable code) {
        return () -> {
            code.run();
            return true;
        };
    }
}

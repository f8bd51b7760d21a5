package dev.gyre.net;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Sockets that listen, made ahead of the server that will accept from them: before the process
/// gives up its privileges, for instance. Any thread.
public final class Listeners {

    /// Whether the platform has SO_REUSEPORT.
    static final boolean SHARE_PORTS = supportsReusePort();

    /// How often a free port is asked for that is free on all addresses of a name.
    private static final int FREE_PORT_TRIES = 16;

    private Listeners() {}

    /// Binds a port on all interfaces, IPv4 and IPv6.
    ///
    /// @param port 0 picks a free one
    /// @throws IOException if it cannot be bound
    public static List<ServerSocketChannel> bind(int port) throws IOException {
        return bind(null, port, ListenOptions.defaults());
    }

    /// Binds a port on all addresses of a host, IPv4 first. The host is looked up here and now,
    /// which may block.
    ///
    /// @param host a name or a numeric address; null for all interfaces
    /// @param port 0 picks one that is free on all of the addresses
    /// @return non-blocking sockets, one for each address, all with the same port
    /// @throws IOException if one of them cannot be bound, or the host is unknown; then nothing is
    ///   left open
    public static List<ServerSocketChannel> bind(
            @Nullable String host, int port, ListenOptions options) throws IOException {
        List<InetSocketAddress> addresses = addresses(host, port);
        for (int attempt = 1; ; attempt++) {
            try {
                return bindAll(addresses, options);
            } catch (BindException e) {
                // A port that was free on the first address may be taken on the second.
                if (port != 0 || addresses.size() == 1 || attempt == FREE_PORT_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static List<InetSocketAddress> addresses(@Nullable String host, int port)
            throws IOException {
        if (host == null) {
            return List.of(new InetSocketAddress(port));
        }
        return Stream.of(InetAddress.getAllByName(host))
                .distinct()
                .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    private static List<ServerSocketChannel> bindAll(
            List<InetSocketAddress> addresses, ListenOptions options) throws IOException {
        List<ServerSocketChannel> bound = new ArrayList<>();
        try {
            for (InetSocketAddress address : addresses) {
                int port = bound.isEmpty() ? address.getPort() : port(bound.getFirst());
                bound.add(open(new InetSocketAddress(address.getAddress(), port), options));
            }
            return bound;
        } catch (IOException e) {
            bound.forEach(Channels::closeQuietly);
            throw e;
        }
    }

    private static boolean supportsReusePort() {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            return channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
        } catch (IOException e) {
            return false;
        }
    }

    private static int port(ServerSocketChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    static ServerSocketChannel open(SocketAddress address, ListenOptions options)
            throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            // Lets a server restart while connections of its last run linger in the kernel.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (options.hasReusePort()) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            return channel.bind(address, options.backlog());
        } catch (IOException | RuntimeException e) {
            Channels.closeQuietly(channel);
            if (e instanceof BindException refused) {
                throw named(refused, address);
            }
            throw e;
        }
    }

    /// Adds the address, which the JDK keeps to itself.
    private static BindException named(BindException refused, SocketAddress address) {
        BindException named = new BindException("%s: %s".formatted(address, refused.getMessage()));
        named.initCause(refused);
        return named;
    }
}

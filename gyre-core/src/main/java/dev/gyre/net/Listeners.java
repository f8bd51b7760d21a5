package dev.gyre.net;

import dev.gyre.loop.Logs;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sockets that listen, made ahead of the server that will accept from them: before the process
/// gives up its privileges, for instance. Any thread.
public final class Listeners {

    /// Whether the platform has SO_REUSEPORT.
    static final boolean SHARE_PORTS = supportsReusePort();

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
    /// @param host a name or a numeric address; null or nothing for all interfaces
    /// @param port 0 picks one that is free on all of the addresses
    /// @return non-blocking sockets, one for each address, all with the same port
    /// @throws IOException if one of them cannot be bound, or the host is unknown; then nothing is
    ///   left open
    public static List<ServerSocketChannel> bind(
            @Nullable String host, int port, ListenOptions options) throws IOException {
        List<InetSocketAddress> addresses =
                host == null || host.isEmpty()
                        ? List.of(new InetSocketAddress(port))
                        : atPort(List.of(InetAddress.getAllByName(host)), port);
        return new ChannelBinder(options).bindAll(addresses);
    }

    /// Returns the addresses of a host with a port, IPv4 first.
    static List<InetSocketAddress> atPort(List<InetAddress> addresses, int port) {
        return addresses.stream()
                .distinct()
                .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    private static final class ChannelBinder extends Binder<ServerSocketChannel> {

        private final ListenOptions options;

        ChannelBinder(ListenOptions options) {
            this.options = options;
        }

        @Override
        ServerSocketChannel bind(InetSocketAddress address) throws IOException {
            return open(address, options);
        }

        @Override
        int port(ServerSocketChannel bound) throws IOException {
            return ((InetSocketAddress) bound.getLocalAddress()).getPort();
        }

        @Override
        void close(ServerSocketChannel bound) {
            QuietClose.of(bound);
        }
    }

    private static boolean supportsReusePort() {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            return channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
        } catch (IOException e) {
            return false;
        }
    }

    static ServerSocketChannel open(SocketAddress address, ListenOptions options)
            throws IOException {
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new UnknownHostException(
                    inet.getHostString() + " does not resolve to an address");
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            // Lets a server restart while connections of its last run linger in the kernel.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (options.hasReusePort()) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            return channel.bind(address, options.backlog());
        } catch (Throwable e) {
            QuietClose.of(channel);
            if (e instanceof BindException refused) {
                throw named(refused, address);
            }
            throw e;
        }
    }

    /// Adds the address, which the JDK keeps to itself.
    private static BindException named(BindException refused, SocketAddress address) {
        BindException named = new BindException(Logs.text(address) + ": " + Logs.message(refused));
        named.initCause(refused);
        return named;
    }
}

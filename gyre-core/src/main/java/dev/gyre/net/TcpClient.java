package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.IOStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;

/// Connects to servers.
///
/// ```java
/// try (var stream = TcpClient.connect("example.org", 80).await(Duration.ofSeconds(5))) {
///     stream.write("HEAD / HTTP/1.0\r\n\r\n");
///     String status = stream.readLine().await();
/// }
/// ```
///
/// A time-out of the caller's covers everything: looking up the name, trying its addresses, and the
/// TLS handshake. Whoever stops waiting leaves nothing open. An address counts as one that could
/// not be reached, too, if the connection would be to itself, which the kernel makes of a port at
/// which nobody listens and that it picks for this end. On a loop only; the stream belongs to it.
public final class TcpClient {

    private TcpClient() {}

    /// Connects to a host with the default options.
    public static LoopFuture<IOStream> connect(String host, int port) {
        return connect(host, port, ConnectOptions.defaults());
    }

    /// Connects to a host. If it has several addresses, IPv6 and IPv4 are tried in turn, each 300
    /// ms after the one before, or as soon as an attempt has failed (after RFC 8305); the first
    /// connection that comes about is taken.
    ///
    /// @param host a name or a numeric address
    /// @return the stream; fails with an [java.io.UncheckedIOException] if the host is unknown, or
    ///   none of its addresses could be reached, with all the reasons, or TLS was wanted and
    ///   refused
    /// @throws IllegalArgumentException if there is no such port, or the source address is that of
    ///   a UNIX socket
    public static LoopFuture<IOStream> connect(String host, int port, ConnectOptions options) {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(options, "options");
        if (port < 1 || port > Addresses.PORT_MAX) {
            throw new IllegalArgumentException(
                    port + " is not a port from 1 to " + Addresses.PORT_MAX);
        }
        InetSocketAddress target = InetSocketAddress.createUnresolved(host, port);
        options.checkSourceFor(target);
        return new Dial(IOLoop.current(), Logs.text(target), host, options)
                .begin(dial -> dial.addressesOf(host, port));
    }

    /// Connects to an address, TCP or UNIX-domain, with the default options.
    public static LoopFuture<IOStream> connect(SocketAddress address) {
        return connect(address, ConnectOptions.defaults());
    }

    /// Connects to an address, TCP or UNIX-domain.
    ///
    /// @return the stream; fails with an [java.io.UncheckedIOException]
    /// @throws IllegalArgumentException if one of this and the source address is that of a UNIX
    ///   socket, and the other is not
    public static LoopFuture<IOStream> connect(SocketAddress address, ConnectOptions options) {
        Objects.requireNonNull(options, "options");
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            return connect(inet.getHostString(), inet.getPort(), options);
        }
        Objects.requireNonNull(address, "address");
        options.checkSourceFor(address);
        String host =
                address instanceof InetSocketAddress inet ? inet.getHostString() : "localhost";
        return new Dial(IOLoop.current(), target(address), host, options)
                .begin(dial -> List.of(address));
    }

    /// Names what is to be reached: the host that the address was found by, if it knows one.
    private static String target(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String host = inet.getHostString();
            if (!Addresses.isIpLiteral(host)) {
                return Logs.text(InetSocketAddress.createUnresolved(host, inet.getPort()));
            }
        }
        return Logs.text(address);
    }
}

package dev.gyre.net;

import dev.gyre.loop.Logs;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.TlsOptions;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a [TcpClient] connects. Immutable; each `with` method returns a changed copy.
public final class ConnectOptions {

    private static final ConnectOptions DEFAULTS = new ConnectOptions();

    // Each field changes in a fresh copy only, before a `with` method hands the copy out.

    private StreamOptions streamOptions = StreamOptions.defaults();

    /// Finds the addresses of hosts; null for the resolver of the loop's network.
    private @Nullable Resolver resolver;

    /// The address of this end; null for whatever the system picks.
    private @Nullable SocketAddress sourceAddress;

    /// How TLS is spoken; null for a plain connection.
    private @Nullable TlsOptions tls;

    /// The name that the certificate must be for; null for the host connected to.
    private @Nullable String serverName;

    private ConnectOptions() {}

    private ConnectOptions(ConnectOptions original) {
        streamOptions = original.streamOptions;
        resolver = original.resolver;
        sourceAddress = original.sourceAddress;
        tls = original.tls;
        serverName = original.serverName;
    }

    /// Returns the options of a plain connection.
    public static ConnectOptions defaults() {
        return DEFAULTS;
    }

    /// Goes over to TLS once connected. The future is done when the handshake is over; it is not
    /// tried again with another address.
    ///
    /// @param options those of a client
    public ConnectOptions withTls(TlsOptions options) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.tls = Objects.requireNonNull(options, "options");
        return changed;
    }

    /// Asks for another name than that of the host connected to, and checks the certificate for it.
    public ConnectOptions withServerName(String name) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.serverName = Objects.requireNonNull(name, "name");
        return changed;
    }

    /// Replaces the limits of the stream.
    public ConnectOptions withStreamOptions(StreamOptions options) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.streamOptions = Objects.requireNonNull(options, "options");
        return changed;
    }

    /// Replaces the resolver, which otherwise is that of the loop's [Network].
    public ConnectOptions withResolver(Resolver newResolver) {
        ConnectOptions changed = new ConnectOptions(this);
        changed.resolver = Objects.requireNonNull(newResolver, "resolver");
        return changed;
    }

    /// Binds this end of the connection. An address of the peer that this end does not go with, as
    /// IPv6 does not with IPv4, counts as one that could not be reached.
    ///
    /// @param address with port 0 for any port
    /// @throws IllegalArgumentException if it is the address of a host that was not looked up
    public ConnectOptions withSourceAddress(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new IllegalArgumentException(
                    "%s cannot be a source address: its host was not looked up"
                            .formatted(inet.getHostString()));
        }
        ConnectOptions changed = new ConnectOptions(this);
        changed.sourceAddress = Objects.requireNonNull(address, "address");
        return changed;
    }

    StreamOptions streamOptions() {
        return streamOptions;
    }

    @Nullable TlsOptions tls() {
        return tls;
    }

    /// Returns the name to ask for, and to check.
    String serverName(String host) {
        return serverName == null ? host : serverName;
    }

    Resolver resolver(Network network) {
        return resolver == null ? network::resolve : resolver;
    }

    @Nullable SocketAddress sourceAddress() {
        return sourceAddress;
    }

    /// Checks that the source address can go with a peer's, of the UNIX domain or not.
    void checkSourceFor(SocketAddress remote) {
        boolean isUnix = remote instanceof UnixDomainSocketAddress;
        if (sourceAddress != null && isUnix != sourceAddress instanceof UnixDomainSocketAddress) {
            throw new IllegalArgumentException(
                    "%s cannot be the source address of a connection to %s: one is a UNIX socket"
                            .formatted(Logs.text(sourceAddress), Logs.text(remote)));
        }
    }
}

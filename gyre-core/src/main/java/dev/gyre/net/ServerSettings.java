package dev.gyre.net;

import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.TlsOptions;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a server serves: what its parts on several loops have in common. Changes only before the
/// server listens.
final class ServerSettings {

    /// Begins to serve a connection.
    final Consumer<Connection> beginning;

    StreamOptions streamOptions = StreamOptions.defaults();
    Duration linger = TcpServer.LINGER;

    /// How TLS is spoken; null for plain connections.
    @Nullable TlsOptions tls;

    /// How long a connection may be idle; null if it may for ever.
    @Nullable Duration idleTimeout;

    ServerSettings(Consumer<Connection> beginning) {
        this.beginning = beginning;
    }
}

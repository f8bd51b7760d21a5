package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What resolvers answer, which are the user's own code, and may answer nothing.
final class Answers {

    private Answers() {}

    /// Asks a resolver.
    ///
    /// @throws NullPointerException if it returns null instead of a future, with its name
    static LoopFuture<List<InetAddress>> ask(Resolver resolver, IOLoop loop, String host) {
        return Objects.requireNonNull(
                resolver.resolve(loop, host),
                () -> "the resolver returned null, and no future, for " + host);
    }

    /// Returns what is wrong with the addresses that a resolver has found; null if nothing is.
    static @Nullable UnknownHostException fault(
            String host, @Nullable List<? extends @Nullable InetAddress> addresses) {
        if (addresses == null) {
            return new UnknownHostException(host + ": the resolver returned null");
        }
        if (addresses.isEmpty()) {
            return new UnknownHostException(host + ": the resolver returned no address");
        }
        // Not List.contains, which may throw when asked for null.
        for (InetAddress address : addresses) {
            if (address == null) {
                return new UnknownHostException(
                        host + ": the resolver returned a list with null in it");
            }
        }
        return null;
    }
}

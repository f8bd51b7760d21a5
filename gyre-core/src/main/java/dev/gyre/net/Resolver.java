package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Finds the addresses of a host.
@FunctionalInterface
public interface Resolver {

    /// Looks up a name. Loop thread only.
    ///
    /// @return its addresses in the order in which to try them, at least one; fails with an
    ///   [java.io.IOException], such as [java.net.UnknownHostException]
    LoopFuture<List<InetAddress>> resolve(IOLoop loop, String host);

    /// Returns the resolver of the operating system. The call that does it blocks, so it runs in
    /// the executor of the loop; there is no way to stop it, but cancelling the future ends the
    /// wait for it.
    static Resolver system() {
        return new SystemNetwork()::resolve;
    }

    /// Returns a resolver that knows some hosts by itself, and asks another for the rest.
    static Resolver overriding(Map<String, List<InetAddress>> known, Resolver next) {
        Objects.requireNonNull(known, "known");
        Objects.requireNonNull(next, "next");
        Map<String, List<InetAddress>> copy = Map.copyOf(known);
        return (loop, host) -> {
            List<InetAddress> addresses = copy.get(host);
            return addresses == null
                    ? next.resolve(loop, host)
                    : LoopFuture.completed(loop, addresses);
        };
    }

    /// Returns a resolver that remembers what another has found, and asks it only once for those
    /// who want to know the same at the same time. Failures are not remembered. It belongs to one
    /// loop.
    ///
    /// @param age how long an answer is good
    /// @param hostsMax how many hosts are remembered; the one asked for first is forgotten first
    static Resolver caching(Resolver next, Duration age, int hostsMax) {
        return new CachingResolver(next, age, hostsMax);
    }
}

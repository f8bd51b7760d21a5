package dev.gyre.examples;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where a demo is to listen, from the words of a user, and in words for a user when it cannot.
final class ListenAddress {

    private ListenAddress() {}

    /// Returns the address to bind.
    ///
    /// A name that stands for several addresses gives the first IPv4 address, as the classic
    /// programs would have it, and the first of all if there is none. Nobody is to guess which of
    /// two sockets a client reached.
    ///
    /// @param host a name or a numeric address; null for all interfaces
    /// @throws UnknownHostException if the name does not resolve
    static InetSocketAddress resolve(@Nullable String host, int port) throws UnknownHostException {
        if (host == null) {
            return new InetSocketAddress(port);
        }
        if (host.isBlank()) {
            // The JDK takes no name for the loopback address.
            throw new UnknownHostException("the name is empty");
        }
        InetAddress[] addresses = InetAddress.getAllByName(host);
        InetAddress chosen =
                Stream.of(addresses)
                        .filter(Inet4Address.class::isInstance)
                        .findFirst()
                        .orElse(addresses[0]);
        return new InetSocketAddress(chosen, port);
    }

    /// Says why an address could not be bound and what to do about it.
    ///
    /// The JDK keeps the system's reason as words only. In a language that this does not know, the
    /// system's own words have to do.
    static String refusal(InetSocketAddress address, IOException failure) {
        String reason = String.valueOf(failure.getMessage());
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("in use")) {
            return "%s is in use; choose another port, or --port 0 for a free one"
                    .formatted(HostPort.text(address));
        }
        if (lower.contains("permission denied")) {
            return "no permission to listen on port %d; choose one from 1024 on, or --port 0"
                    .formatted(address.getPort());
        }
        if (lower.contains("assign requested address")) {
            return HostPort.host(address) + " is not an address of this machine";
        }
        return "cannot listen on %s: %s".formatted(HostPort.text(address), reason);
    }
}

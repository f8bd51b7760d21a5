package dev.gyre.stream;

import dev.gyre.loop.Logs;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Addresses in messages.
final class AddressText {

    private AddressText() {}

    /// Returns where the peer of a transport is. That may be the user's, and so may its address.
    static String of(Transport transport) {
        try {
            SocketAddress address = transport.remoteAddress();
            return address instanceof InetSocketAddress inet && inet.getAddress() != null
                    ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                    : Logs.text(address);
        } catch (Throwable e) {
            return "address unknown";
        }
    }
}

package dev.gyre.stream;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Addresses in messages.
final class AddressText {

    private AddressText() {}

    static String of(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : address.toString();
    }
}

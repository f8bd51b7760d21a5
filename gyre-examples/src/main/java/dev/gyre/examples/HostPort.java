package dev.gyre.examples;

import dev.gyre.loop.Logs;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Socket addresses in words: `127.0.0.1:9999`, `[::1]:9999`.
final class HostPort {

    private HostPort() {}

    /// Returns host and port. An IPv6 address is put in brackets, since it has colons of its own.
    static String text(InetSocketAddress address) {
        return Logs.text(address);
    }

    /// Returns the numeric address without the port; the name as it was given if it did not
    /// resolve.
    static String host(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return ip == null ? address.getHostString() : Logs.text(ip);
    }
}

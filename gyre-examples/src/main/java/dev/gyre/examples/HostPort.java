package dev.gyre.examples;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.StringJoiner;

/// Socket addresses in words: `127.0.0.1:9999`, `[::1]:9999`.
final class HostPort {

    private static final int IPV6_GROUPS = 8;

    private HostPort() {}

    /// Returns host and port. An IPv6 address is put in brackets, since it has colons of its own.
    static String text(InetSocketAddress address) {
        String host = host(address);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /// Returns the numeric address without the port; the name as it was given if it did not
    /// resolve.
    static String host(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            return address.getHostString();
        }
        return ip instanceof Inet6Address v6 ? compressed(v6) : ip.getHostAddress();
    }

    /// Writes an IPv6 address in its short form (RFC 5952, section 4): the longest run of zero
    /// groups, the first among equals, becomes `::`.
    private static String compressed(Inet6Address ip) {
        int[] groups = new int[IPV6_GROUPS];
        ByteBuffer bytes = ByteBuffer.wrap(ip.getAddress());
        for (int i = 0; i < IPV6_GROUPS; i++) {
            groups[i] = Short.toUnsignedInt(bytes.getShort());
        }
        // A single zero group stays as it is.
        int zeros = 0;
        int zerosSize = 1;
        for (int start = 0; start < IPV6_GROUPS; start++) {
            int size = zeroRun(groups, start);
            if (size > zerosSize) {
                zeros = start;
                zerosSize = size;
            }
        }
        String scope = scope(ip);
        if (zerosSize == 1) {
            return joined(groups, 0, IPV6_GROUPS) + scope;
        }
        return joined(groups, 0, zeros)
                + "::"
                + joined(groups, zeros + zerosSize, IPV6_GROUPS)
                + scope;
    }

    private static int zeroRun(int[] groups, int start) {
        int end = start;
        while (end < groups.length && groups[end] == 0) {
            end++;
        }
        return end - start;
    }

    private static String joined(int[] groups, int start, int end) {
        StringJoiner text = new StringJoiner(":");
        for (int i = start; i < end; i++) {
            text.add(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /// Returns which link a link-local address belongs to, as in `%eth0`, or nothing.
    private static String scope(Inet6Address ip) {
        String text = ip.getHostAddress();
        int percent = text.indexOf('%');
        return percent < 0 ? "" : text.substring(percent);
    }
}

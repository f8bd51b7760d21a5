package dev.gyre.loop;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/// Addresses as text, in one form for all messages: numbers where there are any, since a name says
/// what somebody asked for and not who answered. Nothing is looked up.
///
/// ```text
/// IPv4           127.0.0.1:9999
/// IPv6           [::1]:9999, [fe80::1%eth0]:9999
/// not resolved   example.org:9999
/// UNIX-domain    /run/app.sock, or unnamed, as unix(7) has it, for an end without a path
/// any other      what it says of itself
/// ```
///
/// IPv6 addresses are written as RFC 5952 wants it, in section 4, and in brackets before a port, by
/// its section 6; the zone behind them is that of RFC 4007, section 11.
final class AddressText {

    private static final int GROUPS = 8;

    private AddressText() {}

    static String of(SocketAddress address) {
        return switch (address) {
            case InetSocketAddress internet -> of(internet);
            case UnixDomainSocketAddress unix -> {
                String path = unix.getPath().toString();
                yield path.isEmpty() ? "unnamed" : path;
            }
            default -> address.toString();
        };
    }

    private static String of(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        String host = resolved == null ? address.getHostString() : of(resolved);
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    static String of(InetAddress address) {
        return address instanceof Inet6Address v6
                ? shortest(v6.getAddress()) + zone(v6)
                : address.getHostAddress();
    }

    /// Leaves out the longest run of groups that are zero, the first of several; not one alone.
    private static String shortest(byte[] bytes) {
        int left = 0;
        int leftCount = 1;
        for (int group = 0; group < GROUPS; group++) {
            int count = zeros(bytes, group);
            if (count > leftCount) {
                left = group;
                leftCount = count;
            }
        }
        return leftCount == 1
                ? joined(bytes, 0, GROUPS)
                : joined(bytes, 0, left) + "::" + joined(bytes, left + leftCount, GROUPS);
    }

    private static String joined(byte[] bytes, int start, int end) {
        StringBuilder text = new StringBuilder();
        for (int group = start; group < end; group++) {
            text.append(group == start ? "" : ":").append(Integer.toHexString(at(bytes, group)));
        }
        return text.toString();
    }

    private static int zeros(byte[] bytes, int start) {
        int end = start;
        while (end < GROUPS && at(bytes, end) == 0) {
            end++;
        }
        return end - start;
    }

    private static int at(byte[] bytes, int group) {
        return Byte.toUnsignedInt(bytes[2 * group]) << Byte.SIZE
                | Byte.toUnsignedInt(bytes[2 * group + 1]);
    }

    /// Returns the zone of an address that belongs to one link, as in `%eth0`; else nothing.
    private static String zone(Inet6Address address) {
        String text = address.getHostAddress();
        int start = text.indexOf('%');
        return start < 0 ? "" : text.substring(start);
    }
}

package dev.gyre.net;

import java.net.InetAddress;
import java.util.Objects;
import java.util.regex.Pattern;

/// Addresses as text.
public final class Addresses {

    static final int PORT_MAX = 65_535;

    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

    private Addresses() {}

    /// Returns whether `text` is a numeric IPv4 address in four parts, or a numeric IPv6 address
    /// without brackets. Never looks anything up. Any thread.
    public static boolean isIpLiteral(String text) {
        Objects.requireNonNull(text, "text");
        if (text.indexOf(':') < 0) {
            return IPV4.matcher(text).matches();
        }
        try {
            InetAddress.ofLiteral(text);
            return !text.startsWith("[");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

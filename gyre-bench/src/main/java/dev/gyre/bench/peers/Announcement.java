package dev.gyre.bench.peers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The line in which a server says where it listens: `... listens on 127.0.0.1:4711`.
public final class Announcement {

    private static final Pattern LINE = Pattern.compile("listens on 127\\.0\\.0\\.1:(\\d+)$");

    private Announcement() {}

    /// Prints the line.
    static void print(int port) {
        System.out.println("listens on 127.0.0.1:" + port);
    }

    /// Returns where a server listens that printed `line`, or null if the line is about something
    /// else.
    public static @Nullable InetSocketAddress parse(String line) {
        Matcher match = LINE.matcher(line);
        return match.find()
                ? new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(match.group(1)))
                : null;
    }

    /// Returns where a server is to listen: on a free port.
    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}

package dev.gyre.bench.soak;

import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;

/// Which member has which connection to the proxy.
final class Seats {

    private final Map<SocketAddress, Room.Member> members = new HashMap<>();

    /// A place that is given back when it is closed.
    @FunctionalInterface
    interface Seat extends AutoCloseable {

        @Override
        void close();
    }

    /// Says that the connection from this address is that of `member`.
    Seat take(SocketAddress address, Room.Member member) {
        members.put(address, member);
        return () -> members.remove(address, member);
    }

    /// Excuses the member whose connection is going to be broken.
    void excuse(SocketAddress address) {
        Room.Member member = members.get(address);
        if (member != null) {
            member.excuse("the proxy breaks its connection");
        }
    }
}

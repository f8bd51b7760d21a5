package dev.gyre.stream;

import dev.gyre.loop.Logs;

/// Where the peer of a stream is, in messages about it.
final class PeerText {

    private PeerText() {}

    /// Returns where the peer of a transport is. That may be the user's, and so may its address.
    static String of(Transport transport) {
        try {
            return Logs.text(transport.remoteAddress());
        } catch (Throwable e) {
            return "address unknown";
        }
    }
}

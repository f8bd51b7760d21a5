package dev.gyre.net;

import java.nio.channels.Channel;

/// The quiet end of channels.
final class Channels {

    private Channels() {}

    /// Closes a channel on which nothing was sent, so that nothing can be lost.
    static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (Throwable e) {
            // The descriptor is free all the same.
            return;
        }
    }
}

package dev.gyre.net;

import java.nio.channels.Channel;

/// The end of a channel of which nobody hears: it has sent nothing yet, or only listened.
final class QuietClose {

    private QuietClose() {}

    /// Closes a channel on which nothing was sent, so that a failure loses nothing.
    static void of(Channel channel) {
        try {
            channel.close();
        } catch (Throwable e) {
            // The descriptor is free all the same (close(2)).
            return;
        }
    }
}

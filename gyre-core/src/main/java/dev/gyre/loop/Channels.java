package dev.gyre.loop;

import java.nio.channels.Channel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/// Words for channels in messages, and a way to close them that throws nothing.
final class Channels {

    private Channels() {}

    /// Has this class loaded.
    static void load() {
        // That this is called is all that it is for.
    }

    /// Returns the kind of the channel and its address, as in `SocketChannel 127.0.0.1:9999`.
    static String describe(SelectableChannel channel) {
        String kind = channel.getClass().getSimpleName().replaceFirst("Impl$", "");
        if (!channel.isOpen()) {
            return kind + " (closed)";
        }
        return kind + address(channel);
    }

    private static String address(SelectableChannel channel) {
        try {
            if (channel instanceof SocketChannel socket && socket.getRemoteAddress() != null) {
                return " " + AddressText.of(socket.getRemoteAddress());
            }
            if (channel instanceof NetworkChannel network && network.getLocalAddress() != null) {
                return " " + AddressText.of(network.getLocalAddress());
            }
            return "";
        } catch (Throwable e) {
            // The channel, or its address, may be of a class of the user's.
            return " (address unknown: " + Logs.message(e) + ")";
        }
    }

    /// Closes a channel whose failure to close nobody could act on.
    static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (Throwable e) {
            Logs.GENERAL.log(System.Logger.Level.DEBUG, "a channel failed to close", e);
        }
    }
}

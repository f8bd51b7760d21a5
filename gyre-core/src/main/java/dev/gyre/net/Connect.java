package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A connect that is under way. It owns its channel until it has become a transport.
final class Connect {

    private final IOLoop loop;
    private final SocketChannel channel;
    private final LoopFuture<Transport> connected;

    Connect(IOLoop loop, SocketChannel channel) {
        this.loop = loop;
        this.channel = channel;
        this.connected = new LoopFuture<>(loop, this::close);
    }

    LoopFuture<Transport> to(SocketAddress remote, @Nullable SocketAddress local) {
        try {
            channel.configureBlocking(false);
            bind(local);
            SocketPath.check(remote);
            if (channel.connect(remote)) {
                connected();
            } else {
                loop.addHandler(channel, (_, _) -> onReady(), IOLoop.WRITE);
            }
        } catch (IOException e) {
            fail(e);
        } catch (Throwable e) {
            // The address is of another kind than the channel's, for instance.
            fail(failed("connect to " + Logs.text(remote), e));
        }
        return connected;
    }

    private void bind(@Nullable SocketAddress local) throws IOException {
        if (local == null) {
            return;
        }
        try {
            if (local instanceof InetSocketAddress inet && inet.getPort() != 0) {
                // Several attempts may be under way from one port, to an address each.
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            SocketPath.check(local);
            channel.bind(local);
        } catch (IOException e) {
            throw new IOException("from %s: %s".formatted(Logs.text(local), Logs.message(e)), e);
        }
    }

    private void onReady() {
        try {
            if (channel.finishConnect()) {
                loop.removeHandler(channel);
                connected();
            }
        } catch (IOException e) {
            fail(e);
        } catch (Throwable e) {
            fail(failed("finish a connect", e));
        }
    }

    private static IOException failed(String what, Throwable cause) {
        return new IOException("cannot %s: %s".formatted(what, Logs.message(cause)), cause);
    }

    private void connected() throws IOException {
        if (isToItself()) {
            throw new ConnectException(
                    "the connection would be to itself, since nobody listens there");
        }
        connected.complete(Transport.of(channel));
    }

    /// Returns whether the socket is its own peer. The kernel connects it so if it picks, or is
    /// told, the very port to be reached, and nobody listens there (RFC 9293, section 3.5).
    private boolean isToItself() throws IOException {
        return channel.getLocalAddress() instanceof InetSocketAddress local
                && channel.getRemoteAddress() instanceof InetSocketAddress remote
                && local.getPort() == remote.getPort()
                && plain(local).equals(plain(remote));
    }

    /// Returns the IPv4 address where one is written as IPv6 (RFC 4291, section 2.5.5.2).
    private static InetAddress plain(InetSocketAddress address) throws IOException {
        return InetAddress.getByAddress(address.getAddress().getAddress());
    }

    private void fail(IOException failure) {
        close();
        connected.fail(failure);
    }

    private void close() {
        loop.removeHandler(channel);
        releasePort();
        QuietClose.of(channel);
    }

    /// Has a connection to itself end by a reset: after an orderly end the port, which is that of a
    /// server, would be taken for another minute (TIME-WAIT). It may have come about unnoticed.
    private void releasePort() {
        try {
            boolean isBegun = channel.isConnectionPending() || channel.isConnected();
            if (isBegun && channel.finishConnect() && isToItself()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            // The connection failed, so it has no port to release.
            return;
        }
    }
}

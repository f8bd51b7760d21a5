package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.stream.Transport;
import java.io.IOException;
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
            if (channel.connect(remote)) {
                connected();
            } else {
                loop.addHandler(channel, (_, _) -> onReady(), IOLoop.WRITE);
            }
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException e) {
            // An address of another kind than the channel's, for instance.
            fail(new IOException("cannot connect to %s: %s".formatted(remote, e.getMessage()), e));
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
            channel.bind(local);
        } catch (IOException e) {
            throw new IOException("from %s: %s".formatted(local, e.getMessage()), e);
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
        }
    }

    private void connected() throws IOException {
        connected.complete(Transport.of(channel));
    }

    private void fail(IOException failure) {
        close();
        connected.fail(failure);
    }

    private void close() {
        loop.removeHandler(channel);
        Channels.closeQuietly(channel);
    }
}

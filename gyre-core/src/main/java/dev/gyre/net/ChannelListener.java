package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A listening socket.
final class ChannelListener implements Network.Listener {

    /// How many connections one turn accepts, so that a flood of them does not hold up those who
    /// are connected. The socket stays ready, so the rest comes in the next turn.
    private static final int ACCEPTS_PER_TURN_MAX = 128;

    private final IOLoop loop;
    private final ServerSocketChannel channel;
    private final SocketAddress address;

    /// What to do once the channel is closed.
    private final Runnable onClose;

    /// Who gets the connections; null before [#start].
    private @Nullable Consumer<Transport> accepted;

    /// Whether connections are left in the kernel.
    private boolean paused;

    /// Whether an accept failed since nobody was waiting last, which is told once: while
    /// descriptors are scarce, now and then one can be accepted.
    private boolean failing;

    ChannelListener(
            IOLoop loop, ServerSocketChannel channel, SocketAddress address, Runnable onClose) {
        this.loop = loop;
        this.channel = channel;
        this.address = address;
        this.onClose = onClose;
    }

    static ChannelListener listen(IOLoop loop, SocketAddress address, ListenOptions options)
            throws IOException {
        return of(loop, Listeners.open(address, options));
    }

    /// Takes over a bound channel.
    static ChannelListener of(IOLoop loop, ServerSocketChannel channel) throws IOException {
        try {
            channel.configureBlocking(false);
            return new ChannelListener(loop, channel, channel.getLocalAddress(), () -> {});
        } catch (Throwable e) {
            QuietClose.of(channel);
            throw e;
        }
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public void start(Consumer<Transport> newAccepted) {
        accepted = Objects.requireNonNull(newAccepted, "accepted");
        loop.addHandler(channel, (_, events) -> onReady(events), IOLoop.READ);
    }

    private void onReady(int events) throws IOException {
        if (events == IOLoop.ERROR) {
            // This is what accept has thrown, most likely for want of descriptors (EMFILE, ENFILE:
            // accept(2)). The loop tries again, at longer and longer intervals up to a second.
            return;
        }
        int count = 0;
        while (count < ACCEPTS_PER_TURN_MAX && !paused && channel.isOpen()) {
            SocketChannel connection = accept();
            if (connection == null) {
                return;
            }
            hand(connection);
            count++;
        }
    }

    private @Nullable SocketChannel accept() throws IOException {
        try {
            SocketChannel connection = channel.accept();
            failing &= connection != null;
            return connection;
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                Logs.GENERAL.log(Level.WARNING, this + " cannot accept, and goes on trying", e);
            }
            throw e;
        }
    }

    private void hand(SocketChannel connection) {
        Transport transport;
        try {
            transport = Transport.of(connection);
        } catch (IOException e) {
            Logs.GENERAL.log(Level.DEBUG, "a connection was gone before it was accepted", e);
            return;
        }
        Objects.requireNonNull(accepted, "accepted").accept(transport);
    }

    @Override
    public void pause() {
        paused = true;
        watch(IOLoop.NONE);
    }

    @Override
    public void resume() {
        paused = false;
        watch(IOLoop.READ);
    }

    private void watch(int events) {
        if (channel.isOpen() && accepted != null) {
            loop.updateHandler(channel, events);
        }
    }

    @Override
    public void close() {
        if (channel.isOpen()) {
            loop.removeHandler(channel);
            QuietClose.of(channel);
            onClose.run();
        }
    }

    @Override
    public String toString() {
        return "the listener on " + Logs.text(address);
    }
}

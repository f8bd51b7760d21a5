package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A listener that accepts all connections that are waiting, and passes each to a function.
///
/// The function runs on the loop and must not block. It usually registers the socket with the same
/// loop and returns, as [ChunkEcho] does.
final class AcceptLoop implements DemoServer {

    /// How many connections the kernel keeps for us until we accept them, and how many we accept
    /// before others have their turn: with a flood of connects, clients already served would wait
    /// for ever. Connections left waiting keep the listener ready, so the rest comes next turn.
    private static final int BACKLOG = 128;

    /// What is done with a connection that was accepted.
    @FunctionalInterface
    interface ConnectionFunction {

        /// Takes over a connection, in non-blocking mode. If this throws, the connection is closed.
        void accept(SocketChannel connection, InetSocketAddress address) throws IOException;
    }

    private final IOLoop loop;
    private final ConnectionFunction function;

    /// The listening socket; null until [#listen].
    private @Nullable ServerSocketChannel listener;

    AcceptLoop(IOLoop loop, ConnectionFunction function) {
        this.loop = loop;
        this.function = function;
    }

    @Override
    public InetSocketAddress listen(InetSocketAddress address) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        listener = socket;
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        socket.configureBlocking(false);
        socket.bind(address, BACKLOG);
        loop.addHandler(socket, (channel, _) -> onConnections(channel), IOLoop.READ);
        return (InetSocketAddress) socket.getLocalAddress();
    }

    /// Accepts until nobody is waiting. An error of the listener goes to the loop, which logs it
    /// and calls again a little later.
    private void onConnections(ServerSocketChannel socket) throws IOException {
        // The function may close the listener.
        for (int accepted = 0; accepted < BACKLOG && socket.isOpen(); accepted++) {
            SocketChannel connection = socket.accept();
            if (connection == null) {
                // A blocking accept would wait here: all that were waiting are served.
                return;
            }
            hand(connection);
        }
    }

    private void hand(SocketChannel connection) throws IOException {
        try {
            connection.configureBlocking(false);
            function.accept(connection, (InetSocketAddress) connection.getRemoteAddress());
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// Closes the listener. The connections belong to the function, and stay open.
    @Override
    public void close() throws IOException {
        if (listener != null) {
            loop.removeHandler(listener);
            listener.close();
        }
    }
}

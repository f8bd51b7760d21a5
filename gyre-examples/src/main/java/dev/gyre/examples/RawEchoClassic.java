package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The echo server of the classic tutorials: the state machine of [RawEcho], with the tutorials'
/// texts, and with the client's address as the *first* argument of the handler.
///
/// This server differs in one more point. SO_REUSEADDR is off, so after serving clients it cannot
/// be started again for a minute or so: its port is taken by connections that linger in the kernel.
final class RawEchoClassic implements DemoServer {

    private static final int BACKLOG = 5;
    private static final int CHUNK_BYTES = 1024;

    /// Stands in front of a line on what happens to a client, to set it off from what is done about
    /// it.
    private static final String INDENT = "     ";

    private final IOLoop loop;
    private final PrintStream out;

    /// What each client is still to be sent. A client is in here from its accept to its close.
    private final Map<SocketChannel, Outgoing> clients = new HashMap<>();

    /// The listening socket; null until [#listen].
    private @Nullable ServerSocketChannel listener;

    RawEchoClassic(IOLoop loop, PrintStream out) {
        this.loop = loop;
        this.out = out;
    }

    @Override
    public InetSocketAddress listen(InetSocketAddress address) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        listener = socket;
        // Said explicitly, because the JDK switches it on for listeners where it can.
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, false);
        socket.configureBlocking(false);
        socket.bind(address, BACKLOG);
        loop.addHandler(socket, (channel, _) -> onAcceptable(channel), IOLoop.READ);
        return (InetSocketAddress) socket.getLocalAddress();
    }

    private void onAcceptable(ServerSocketChannel socket) throws IOException {
        SocketChannel client = socket.accept();
        if (client == null) {
            return;
        }
        client.configureBlocking(false);
        String host = HostPort.host((InetSocketAddress) client.getRemoteAddress());
        out.println(INDENT + "connection " + host);
        clients.put(client, new Outgoing());
        loop.addHandler(
                client, (channel, happened) -> onClient(host, channel, happened), IOLoop.READ);
    }

    private void onClient(String host, SocketChannel client, int events) throws IOException {
        if ((events & IOLoop.READ) != 0) {
            onReadable(host, client);
        } else if ((events & IOLoop.WRITE) != 0) {
            onWritable(host, client);
        } else {
            out.println(INDENT + "exception on " + host);
            disconnect(client);
        }
    }

    private void onReadable(String host, SocketChannel client) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        int count = client.read(chunk);
        if (count < 0) {
            out.println(INDENT + "closing " + host);
            disconnect(client);
        } else if (count > 0) {
            byte[] message = new byte[count];
            chunk.flip().get(message);
            out.println(INDENT + "received '" + PythonRepr.escaped(message) + "' from " + host);
            outgoing(client).add(message);
            loop.updateHandler(client, IOLoop.WRITE);
        }
    }

    private void onWritable(String host, SocketChannel client) throws IOException {
        Outgoing outgoing = outgoing(client);
        if (!outgoing.isUnderWay()) {
            byte[] message = outgoing.begin();
            if (message == null) {
                out.println(host + " queue empty");
                loop.updateHandler(client, IOLoop.READ);
                return;
            }
            out.println("sending \"" + PythonRepr.escaped(message) + "\" to " + host);
        }
        outgoing.send(client);
    }

    private Outgoing outgoing(SocketChannel client) {
        return Objects.requireNonNull(clients.get(client), "the client is not connected");
    }

    private void disconnect(SocketChannel client) throws IOException {
        loop.removeHandler(client);
        clients.remove(client);
        client.close();
    }

    /// Returns how many clients are connected.
    int clientCount() {
        return clients.size();
    }

    @Override
    public void close() throws IOException {
        if (listener != null) {
            loop.removeHandler(listener);
            listener.close();
        }
        for (SocketChannel client : List.copyOf(clients.keySet())) {
            disconnect(client);
        }
    }
}

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

/// The echo server in its rawest form: sockets, handlers and an [IOLoop], nothing else.
///
/// A handler is called when its socket is ready for what the loop was asked to watch, and
/// everything it does must return at once. Each client alternates between two modes:
///
/// ```text
///            input: "Received", put into the queue
///          +-------------------------------------------+
///          |                                           v
///       READ mode                                  WRITE mode --+  room for output: "Sending",
///          ^                                           |     <--+  as much as the socket takes
///          +-------------------------------------------+
///            room for output, nothing to send: "queue empty"
/// ```
///
/// In WRITE mode the loop does not watch for input. So a client that sends without reading fills
/// the buffers of the kernel, then has to wait, and costs this server one chunk of memory, not
/// more.
final class RawEcho implements DemoServer {

    /// How many connections the kernel keeps for us until we accept them.
    private static final int BACKLOG = 20;

    /// The most that is received at once, and so the most that is queued for one client.
    private static final int CHUNK_BYTES = 1024;

    private final IOLoop loop;
    private final PrintStream out;

    /// What each client is still to be sent. A client is in here from its accept to its close.
    private final Map<SocketChannel, Outgoing> clients = new HashMap<>();

    /// The listening socket; null until [#listen].
    private @Nullable ServerSocketChannel listener;

    RawEcho(IOLoop loop, PrintStream out) {
        this.loop = loop;
        this.out = out;
    }

    @Override
    public InetSocketAddress listen(InetSocketAddress address) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        listener = socket;
        // Lets the server be restarted while connections of its last run linger in the kernel.
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        socket.configureBlocking(false);
        socket.bind(address, BACKLOG);
        loop.addHandler(socket, (channel, _) -> onAcceptable(channel), IOLoop.READ);
        return (InetSocketAddress) socket.getLocalAddress();
    }

    /// Accepts one connection. If more are waiting, the loop calls again in its next turn.
    private void onAcceptable(ServerSocketChannel socket) throws IOException {
        SocketChannel client = socket.accept();
        if (client == null) {
            // The client that knocked has gone again.
            return;
        }
        client.configureBlocking(false);
        String address = HostPort.text((InetSocketAddress) client.getRemoteAddress());
        clients.put(client, new Outgoing());
        // The client's address is bound to its handler: it could not be asked for after a failure.
        loop.addHandler(
                client, (channel, happened) -> onClient(channel, happened, address), IOLoop.READ);
    }

    /// Handles a client that is ready. Exactly one branch runs: after the first has closed the
    /// channel, none of the others must touch it.
    private void onClient(SocketChannel client, int events, String address) throws IOException {
        if ((events & IOLoop.READ) != 0) {
            onReadable(client, address);
        } else if ((events & IOLoop.WRITE) != 0) {
            onWritable(client, address);
        } else {
            // A read or write above has thrown, and the loop reports that as ERROR.
            out.println("Exception on " + address);
            disconnect(client);
        }
    }

    private void onReadable(SocketChannel client, String address) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        int count = client.read(chunk);
        if (count < 0) {
            out.println("Closing " + address);
            disconnect(client);
        } else if (count > 0) {
            byte[] message = new byte[count];
            chunk.flip().get(message);
            out.println("Received " + PythonRepr.of(message) + " from " + address);
            outgoing(client).add(message);
            loop.updateHandler(client, IOLoop.WRITE);
        }
    }

    private void onWritable(SocketChannel client, String address) throws IOException {
        Outgoing outgoing = outgoing(client);
        if (!outgoing.isUnderWay()) {
            byte[] message = outgoing.begin();
            if (message == null) {
                out.println(address + " queue empty");
                loop.updateHandler(client, IOLoop.READ);
                return;
            }
            out.println("Sending " + PythonRepr.escaped(message) + " to " + address);
        }
        // What the socket does not take now is sent when there is room again: still WRITE mode.
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

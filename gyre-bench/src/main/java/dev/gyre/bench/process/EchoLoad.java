package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Clients of an echo server, all on the thread that calls [#run]. Each keeps a number of messages
/// in flight: for each one that has come back it sends the next.
final class EchoLoad implements Load {

    private final EchoClient.Message message;
    private final LoadLoop loop = new LoadLoop(this::ready);
    private final List<EchoClient> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

    /// Connects the clients, which send nothing yet.
    ///
    /// @param dial makes a connection
    EchoLoad(InetSocketAddress server, int count, EchoClient.Message message, Dial dial)
            throws IOException {
        this.message = message;
        for (int i = 0; i < count; i++) {
            ClientWire wire = dial.connect(server);
            SelectionKey key = loop.register(wire.channel(), SelectionKey.OP_READ, null);
            EchoBytes bytes = new EchoBytes(wire, i, message.size(), message.depth());
            EchoClient client =
                    new EchoClient(
                            bytes, key, message.size(), message.depth() + 1, EchoClient::send);
            key.attach(client);
            clients.add(client);
        }
    }

    /// Makes connections that do not block.
    @FunctionalInterface
    interface Dial {

        ClientWire connect(InetSocketAddress server) throws IOException;

        /// Connects in the clear.
        static ClientWire clear(InetSocketAddress server) throws IOException {
            SocketChannel channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            return new ClientWire.Clear(channel);
        }
    }

    @Override
    public void begin() throws IOException {
        for (EchoClient client : clients) {
            client.send(message.depth(), System.nanoTime());
        }
    }

    @Override
    public Window run(Duration length) throws IOException {
        return loop.run(length);
    }

    private void ready(SelectionKey key) throws IOException {
        EchoClient client = (EchoClient) key.attachment();
        client.ready(buffer, loop);
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}

package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Clients of an echo server, all on the thread that calls [#run].
final class EchoLoad implements Load {

    private static final long SILENCE_MILLIS_MAX = 5000;

    private final Selector selector = Selector.open();
    private final List<EchoClient> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1024 * 1024);
    private final Consumer<SelectionKey> ready = this::ready;

    /// How many messages came back since the window began, and how long they took.
    private long messages;

    private Histogram latencies = Load.newHistogram();

    /// What ended a client; null while all live.
    private @Nullable IOException failure;

    /// Connects the clients, which send nothing yet.
    ///
    /// @param dial makes a connection
    EchoLoad(InetSocketAddress server, int count, EchoClient.Message message, Dial dial)
            throws IOException {
        for (int i = 0; i < count; i++) {
            Wire wire = dial.connect(server);
            SelectionKey key = wire.channel().register(selector, SelectionKey.OP_READ);
            EchoClient client = new EchoClient(wire, key, i, message);
            key.attach(client);
            clients.add(client);
        }
    }

    /// Makes connections that do not block.
    @FunctionalInterface
    interface Dial {

        Wire connect(InetSocketAddress server) throws IOException;

        /// Connects in the clear.
        static Wire clear(InetSocketAddress server) throws IOException {
            SocketChannel channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            return new Wire.Clear(channel);
        }
    }

    @Override
    public void begin() throws IOException {
        for (EchoClient client : clients) {
            client.begin();
        }
    }

    @Override
    public Window run(Duration length) throws IOException {
        messages = 0;
        latencies = Load.newHistogram();
        long start = System.nanoTime();
        long end = start + length.toNanos();
        long now = start;
        while (now - end < 0) {
            if (selector.select(ready, SILENCE_MILLIS_MAX) == 0) {
                throw new IOException("no answer in %d ms".formatted(SILENCE_MILLIS_MAX));
            }
            if (failure != null) {
                throw failure;
            }
            now = System.nanoTime();
        }
        return new Window(messages, now - start, latencies);
    }

    private void ready(SelectionKey key) {
        EchoClient client = (EchoClient) key.attachment();
        try {
            messages += client.ready(buffer, latencies);
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}

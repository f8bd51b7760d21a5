package dev.gyre.bench.peers;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// The floor: a bare NIO loop with one `read` and one `write` for each time a connection is ready,
/// and no framing. Whatever does the same system calls costs at least this.
///
/// As a chat it writes what it reads to all connections, and takes it for whole lines.
public final class FloorServer {

    private static final int BACKLOG_MAX = 4096;

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final Service service;

    /// One buffer for all connections, since nothing is kept in it from one event to the next.
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

    private final List<SocketChannel> members = new ArrayList<>();

    private FloorServer(Service service) throws IOException {
        this.service = service;
        this.selector = Selector.open();
        this.listener = ServerSocketChannel.open();
        listener.bind(Announcement.anyPort(), BACKLOG_MAX);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    public static void main(String[] arguments) throws IOException {
        FloorServer server = new FloorServer(Service.of(arguments[0]));
        Announcement.print(server.listener.socket().getLocalPort());
        while (true) {
            server.selector.select(server::ready);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isReadable()) {
                read(key, (SocketChannel) key.channel());
            } else if (key.isWritable()) {
                writeRest(key, (SocketChannel) key.channel());
            } else {
                accept();
            }
        } catch (IOException e) {
            // A client that resets its connection ends it, as one that closes does.
            end(key);
        }
    }

    private void accept() throws IOException {
        for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
            client.configureBlocking(false);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.register(selector, SelectionKey.OP_READ);
            if (service == Service.CHAT) {
                members.add(client);
            }
        }
    }

    private void read(SelectionKey key, SocketChannel client) throws IOException {
        buffer.clear();
        if (client.read(buffer) < 0) {
            end(key);
            return;
        }
        buffer.flip();
        if (service == Service.CHAT) {
            tellAll();
            return;
        }
        client.write(buffer);
        if (buffer.hasRemaining()) {
            ByteBuffer rest = ByteBuffer.allocateDirect(buffer.remaining()).put(buffer).flip();
            key.attach(rest);
            key.interestOps(SelectionKey.OP_WRITE);
        }
    }

    private void tellAll() throws IOException {
        for (SocketChannel member : members) {
            member.write(buffer);
            buffer.rewind();
        }
    }

    private static void writeRest(SelectionKey key, SocketChannel client) throws IOException {
        ByteBuffer rest = (ByteBuffer) key.attachment();
        client.write(rest);
        if (!rest.hasRemaining()) {
            key.attach(null);
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void end(SelectionKey key) {
        if (service == Service.CHAT) {
            members.remove((SocketChannel) key.channel());
        }
        try {
            key.channel().close();
        } catch (IOException e) {
            System.err.println("a connection did not close: " + e);
        }
    }
}

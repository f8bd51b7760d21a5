package dev.gyre.bench.peers;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.parsetools.RecordParser;
import java.util.LinkedHashSet;
import java.util.Set;

/// Vert.x: a `RecordParser` on each socket, the transport being epoll.
public final class VertxServer {

    private static final int BACKLOG_MAX = 4096;

    private final Service service;

    /// Who is in the chat. Touched on the one event loop only.
    private final Set<NetSocket> room = new LinkedHashSet<>();

    private VertxServer(Service service) {
        this.service = service;
    }

    public static void main(String[] arguments) {
        VertxServer server = new VertxServer(Service.of(arguments[0]));
        Vertx vertx =
                Vertx.vertx(
                        new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        vertx.createNetServer(server.options())
                .connectHandler(server::serve)
                .listen()
                .onSuccess(listening -> Announcement.print(listening.actualPort()))
                .onFailure(failure -> {
                    System.err.println(failure);
                    System.exit(1);
                });
    }

    private NetServerOptions options() {
        NetServerOptions options =
                new NetServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setAcceptBacklog(BACKLOG_MAX)
                        .setTcpNoDelay(true);
        if (service == Service.TLS) {
            KeyCertOptions keys =
                    new PfxOptions()
                            .setPath(KeyStoreFile.path().toString())
                            .setPassword(KeyStoreFile.PASSWORD);
            options.setSsl(true).setKeyCertOptions(keys);
        }
        return options;
    }

    private void serve(NetSocket socket) {
        switch (service) {
            case BLOCKS -> socket.handler(RecordParser.newFixed(Service.BLOCK_SIZE, socket::write));
            case LINES, TLS -> socket.handler(lines(socket::write));
            case CHAT -> enter(socket);
        }
        socket.exceptionHandler(failure -> socket.close());
    }

    /// The parser hands out lines without their ends.
    private static RecordParser lines(java.util.function.Consumer<Buffer> consumer) {
        return RecordParser.newDelimited(
                "\n", line -> consumer.accept(line.appendByte((byte) '\n')));
    }

    private void enter(NetSocket socket) {
        room.add(socket);
        socket.closeHandler(end -> room.remove(socket));
        socket.handler(lines(line -> room.forEach(member -> member.write(line))));
    }
}

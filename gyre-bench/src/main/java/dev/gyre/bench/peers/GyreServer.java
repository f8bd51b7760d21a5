package dev.gyre.bench.peers;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.TlsOptions;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;

/// Gyre, as a user would write it, for the services that no demo offers as such. The lines in the
/// clear are those of `./gyre demo line-echo` itself.
public final class GyreServer {

    /// Who is in the chat. Touched on the loop only.
    private final Set<IOStream> room = new LinkedHashSet<>();

    private GyreServer() {}

    public static void main(String[] arguments) {
        TcpServer server = new GyreServer().server(Service.of(arguments[0]));
        server.listen(Announcement.anyPort());
        Announcement.print(server.port());
        IOLoop.instance().start();
    }

    private TcpServer server(Service service) {
        return switch (service) {
            case BLOCKS -> new TcpServer(GyreServer::echoBlocks);
            case LINES -> new TcpServer(GyreServer::echoLines);
            case TLS -> new TcpServer(GyreServer::echoLines).withTls(tls());
            case CHAT -> new TcpServer(this::chat);
        };
    }

    private static TlsOptions tls() {
        return TlsOptions.server()
                .withKeyStore(KeyStoreFile.path(), KeyStoreFile.PASSWORD.toCharArray());
    }

    private static void echoBlocks(IOStream stream) {
        ByteBuffer block = ByteBuffer.allocateDirect(Service.BLOCK_SIZE);
        while (true) {
            stream.readInto(block.clear()).await();
            stream.write(block.flip()).await();
        }
    }

    private static void echoLines(IOStream stream) {
        while (true) {
            stream.write(stream.readUntil("\n").await());
            stream.drain().await();
        }
    }

    private void chat(IOStream stream) {
        room.add(stream);
        stream.onClose(end -> room.remove(stream));
        while (true) {
            byte[] line = stream.readUntil("\n").await();
            room.forEach(member -> member.write(line));
        }
    }
}

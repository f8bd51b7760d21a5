package dev.gyre.verify.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Listens on a path that is relative to the directory in which it is started, and says whether a
/// client finds it there. A program of its own, since a process of Java keeps its directory.
final class RelativePathProgram {

    private static final Path FILE = Path.of("s");

    private RelativePathProgram() {}

    public static void main(String[] args) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(FILE);
        try (IOLoop loop = new IOLoop();
                TcpServer server =
                        new TcpServer(IOStream::readUntilClose).withLoop(loop).listen(address)) {
            try (SocketChannel client = SocketChannel.open(address)) {
                System.out.println("connected to " + client.getRemoteAddress());
            }
            server.stop();
            System.out.println("left: " + Files.exists(FILE));
        }
    }
}

package dev.gyre.verify.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Two streams over a pair of real sockets, on one loop.
final class SocketEchoTest {

    @Test
    void linesComeBack() throws IOException {
        try (IOLoop loop = new IOLoop()) {
            SocketChannel[] pair = connectedPair();
            IOStream server = new IOStream(loop, Transport.of(pair[0]));
            IOStream client = new IOStream(loop, Transport.of(pair[1]));
            loop.spawn("echo", () -> echo(server));
            List<String> lines = new ArrayList<>();

            loop.runSync(() -> ask(client, lines));

            assertThat(lines).containsExactly("one", "two", "three");
            assertThat(server.isOpen()).isTrue();
        }
    }

    private static Void ask(IOStream client, List<String> lines) {
        client.write("one\n");
        lines.add(client.readLine().await());
        client.write("two\nthr");
        client.write("ee\r\n");
        lines.add(client.readLine().await());
        lines.add(client.readLine().await());
        return null;
    }

    private static Void echo(IOStream server) {
        try {
            while (true) {
                server.write(server.readUntil("\n").await());
                server.drain().await();
            }
        } catch (StreamClosedException e) {
            return null;
        }
    }

    @Test
    void anEndInTheMiddleOfALineTellsHowMuchHadCome() throws IOException {
        try (IOLoop loop = new IOLoop()) {
            SocketChannel[] pair = connectedPair();
            IOStream server = new IOStream(loop, Transport.of(pair[0]));
            IOStream client = new IOStream(loop, Transport.of(pair[1]));
            client.write("no newline");
            client.close();

            String message =
                    loop.runSync(() -> {
                        try {
                            return new String(
                                    server.readUntil("\n").await(), StandardCharsets.UTF_8);
                        } catch (StreamClosedException e) {
                            return e.getMessage();
                        }
                    });

            assertThat(message)
                    .endsWith(
                            "was ended by its peer;"
                                    + " 10 bytes had come of a read of bytes up to \"\\n\"");
        }
    }

    private static SocketChannel[] connectedPair() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel client = SocketChannel.open(listener.getLocalAddress());
            return new SocketChannel[] {listener.accept(), client};
        }
    }
}

package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopGroup;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that connect and are gone.
@Timeout(120)
final class ResetStormTest {

    private static final int CLIENTS = 20_000;

    /// What a process may open besides: the test's own sockets, class files.
    private static final int DESCRIPTORS_SLACK = 16;

    private static void echo(IOStream stream) {
        while (true) {
            stream.write(stream.readUntil("\n").await());
            stream.drain().await();
        }
    }

    @Test
    void leaveNothingBehind() throws IOException {
        try (LoopGroup group = LoopGroup.start("storm", 1);
                TcpServer server = new TcpServer(ResetStormTest::echo).withLoops(group)) {
            InetAddress host = InetAddress.getLoopbackAddress();
            server.listen(new InetSocketAddress(host, 0));
            int port = server.port();
            IOLoop loop = group.loops().getFirst();
            connectAndReset(host, port, 10);
            waitUntilAllAreGone(loop, server, 10);
            long before = openDescriptors();

            connectAndReset(host, port, CLIENTS);
            waitUntilAllAreGone(loop, server, CLIENTS + 10);

            // This very submission is a task.
            assertThat(loop.submit(() -> loop.tasks().size()).join()).isEqualTo(1);
            assertThat(loop.submit(() -> loop.metrics().handlers()).join()).isEqualTo(1);
            assertThat(openDescriptors()).isLessThanOrEqualTo(before + DESCRIPTORS_SLACK);
        }
    }

    private static void connectAndReset(InetAddress host, int port, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(host, port);
            socket.setSoLinger(true, 0);
            if (i % 2 == 0) {
                socket.getOutputStream().write('x');
            }
            socket.close();
        }
    }

    private static void waitUntilAllAreGone(IOLoop loop, TcpServer server, int accepted) {
        while (loop.submit(server::acceptedCount).join() < accepted
                || loop.submit(server::connectionCount).join() > 0) {
            Thread.onSpinWait();
        }
    }

    private static long openDescriptors() {
        assumeTrue(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean,
                "only UNIX tells how many descriptors are open");
        UnixOperatingSystemMXBean system =
                (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getOpenFileDescriptorCount();
    }
}

package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;

/// A callback of a server that a call of the JDK holds up, while others are accepted.
@Tag("carrier")
final class BlockingCallbackTest {

    private final Semaphore gate = new Semaphore(0);
    private final List<IOStream> served = new ArrayList<>();
    private final List<IOStream> clients = new ArrayList<>();

    @GyreTest
    void whoBlocksInItsCallbackHoldsNobodyElseUp(TestLoop test) {
        TcpServer server = TcpServer.ofCallback(this::serve).withLoop(test.loop());
        server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        for (int i = 0; i < 2; i++) {
            test.loop().spawn("client", () -> connect(server));
        }

        test.runUntil(() -> clients.size() == 2 && server.acceptedCount() == 2);
        test.runUntil(() -> served.size() == 2);

        assertThat(server.connectionCount()).isEqualTo(2);
        gate.release(2);
        clients.forEach(IOStream::close);
        server.close();
        test.runUntil(() -> gate.availablePermits() == 0 && test.leftovers().isEmpty());
    }

    private void serve(IOStream stream) {
        served.add(stream);
        gate.acquireUninterruptibly();
    }

    private void connect(TcpServer server) {
        clients.add(TcpClient.connect(server.addresses().getFirst()).await());
    }
}

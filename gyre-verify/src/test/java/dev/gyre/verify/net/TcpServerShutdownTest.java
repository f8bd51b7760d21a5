package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.net.ConnectionHandler;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Timeout;

/// What an orderly end makes of an odd time of grace, and of handlers that do not end by it.
@Timeout(30)
final class TcpServerShutdownTest {

    private static final Duration GRACE = Duration.ofSeconds(5);

    private static <T> T onLoop(TestLoop test, Callable<T> body) {
        Task<T> task = test.loop().spawn("test", body);
        test.runUntil(task::isDone);
        return task.resultNow();
    }

    private static TcpServer serve(TestLoop test, ConnectionHandler handler) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return onLoop(test, () -> new TcpServer(handler).listen(address));
    }

    private static IOStream connect(TestLoop test, TcpServer server) {
        IOStream client =
                onLoop(test, () -> TcpClient.connect(server.addresses().getFirst()).await());
        test.runUntil(() -> server.connectionCount() == 1);
        test.runUntilIdle();
        return client;
    }

    private static LoopFuture<List<SocketAddress>> shutdown(
            TestLoop test, TcpServer server, Duration grace) {
        return onLoop(test, () -> List.of(server.shutdown(grace))).getFirst();
    }

    /// Reads to the end of the peer, which is to be long in coming.
    private static void listen(IOStream stream) {
        stream.readUntilClose().await();
    }

    @GyreTest
    void aNegativeGraceIsRefusedAndTheServerGoesOn(TestLoop test) {
        try (TcpServer server = serve(test, TcpServerShutdownTest::listen)) {
            assertThatThrownBy(() -> server.shutdown(Duration.ofNanos(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("PT-0.000000001S");

            connect(test, server).close();
            test.runUntil(() -> test.loop().tasks().isEmpty());
            assertThat(server.acceptedCount()).isEqualTo(1);
        }
    }

    @GyreTest
    void withoutGraceAllAreClosedAtOnceAndTold(TestLoop test) {
        try (TcpServer server = serve(test, TcpServerShutdownTest::listen);
                IOStream client = connect(test, server)) {
            LoopFuture<List<SocketAddress>> end = shutdown(test, server, Duration.ZERO);
            test.runUntilIdle();

            assertThat(end.resultNow()).containsExactly(client.localAddress());
            assertThat(server.connectionCount()).isZero();
        }
    }

    @GyreTest
    void withoutGraceNobodyIsToldIfNobodyIsThere(TestLoop test) {
        try (TcpServer server = serve(test, TcpServerShutdownTest::listen)) {
            LoopFuture<List<SocketAddress>> end = shutdown(test, server, Duration.ZERO);
            test.runUntilIdle();

            assertThat(end.resultNow()).isEmpty();
        }
    }

    @GyreTest
    void whoIgnoresItsCancellationIsToldAndEndsAtItsNextSuspension(TestLoop test) {
        List<String> heard = new ArrayList<>();
        LoopFuture<String> work = new LoopFuture<>(test.loop());
        ConnectionHandler stubborn =
                stream -> {
                    try {
                        listen(stream);
                    } catch (CancellationException e) {
                        heard.add("cancelled");
                    }
                    heard.add("went on");
                    heard.add(work.await());
                };
        try (TcpServer server = serve(test, stubborn);
                IOStream client = connect(test, server)) {
            LoopFuture<List<SocketAddress>> end = shutdown(test, server, GRACE);
            test.runUntilIdle();
            assertThat(end.isDone()).isFalse();
            test.advance(GRACE);

            assertThat(end.resultNow()).containsExactly(client.localAddress());
            assertThat(heard).containsExactly("cancelled", "went on");
            assertThat(test.loop().tasks()).isEmpty();
        }
    }

    @GyreTest
    void whoIsShieldedIsToldEachTimeAndNotWaitedForLonger(TestLoop test) {
        LoopFuture<String> work = new LoopFuture<>(test.loop());
        ConnectionHandler shielded =
                stream -> Task.shielded(GRACE.multipliedBy(9), () -> work.await());
        try (TcpServer server = serve(test, shielded);
                IOStream client = connect(test, server)) {
            LoopFuture<List<SocketAddress>> first = shutdown(test, server, Duration.ZERO);
            test.runUntilIdle();
            assertThat(first.resultNow()).containsExactly(client.localAddress());
            assertThat(server.connectionCount()).isZero();

            LoopFuture<List<SocketAddress>> second = shutdown(test, server, GRACE);
            test.advance(GRACE);
            assertThat(second.resultNow()).containsExactly(client.localAddress());

            work.complete("done");
            test.runUntilIdle();
            assertThat(test.loop().tasks()).isEmpty();
        }
    }
}

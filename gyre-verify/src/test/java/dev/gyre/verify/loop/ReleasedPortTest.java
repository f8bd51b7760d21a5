package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;

/// The port of a channel that is removed from the loop and closed: free in the same turn, though a
/// selector lets go of a channel only when it selects again.
final class ReleasedPortTest {

    private final List<NetworkChannel> open = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (NetworkChannel channel : open) {
            channel.close();
        }
    }

    private static <T> T onLoop(TestLoop test, Callable<T> body) {
        Task<T> task = test.loop().spawn("test", body);
        test.runUntil(task::isDone);
        return task.resultNow();
    }

    private <C extends SelectableChannel & NetworkChannel> C bound(C channel, int port)
            throws IOException {
        open.add(channel);
        channel.configureBlocking(false);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return channel;
    }

    private static int port(NetworkChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /// Checks that another channel can be bound to the port of one in the turn in which this is let
    /// go.
    private <C extends SelectableChannel & NetworkChannel> void isFreeAfter(
            TestLoop test, C channel, Callable<Void> letGo, C next) throws IOException {
        int port = port(channel);

        onLoop(
                test,
                () -> {
                    letGo.call();
                    return bound(next, port);
                });

        assertThat(port(next)).isEqualTo(port);
    }

    private static <C extends SelectableChannel & NetworkChannel> Callable<Void> removedAndClosed(
            TestLoop test, C channel) {
        return () -> {
            test.loop().removeHandler(channel);
            channel.close();
            return null;
        };
    }

    private static <C extends SelectableChannel> void watch(TestLoop test, C channel) {
        test.loop().addHandler(channel, (_, _) -> {}, IOLoop.READ);
        // Now the selector knows it.
        test.runUntilIdle();
    }

    @GyreTest
    void aListenersIsFreeOnceItIsRemovedAndClosed(TestLoop test) throws IOException {
        ServerSocketChannel listener = bound(ServerSocketChannel.open(), 0);
        watch(test, listener);

        isFreeAfter(test, listener, removedAndClosed(test, listener), ServerSocketChannel.open());
    }

    @GyreTest
    void aListenersIsFreeOnceItIsClosedAndRemoved(TestLoop test) throws IOException {
        ServerSocketChannel listener = bound(ServerSocketChannel.open(), 0);
        watch(test, listener);
        Callable<Void> closedAndRemoved =
                () -> {
                    listener.close();
                    test.loop().removeHandler(listener);
                    return null;
                };

        isFreeAfter(test, listener, closedAndRemoved, ServerSocketChannel.open());
    }

    @GyreTest
    void thatOfDatagramsIsFreeToo(TestLoop test) throws IOException {
        DatagramChannel channel = bound(DatagramChannel.open(), 0);
        watch(test, channel);

        isFreeAfter(test, channel, removedAndClosed(test, channel), DatagramChannel.open());
    }

    /// A listener whose queue is full does not answer.
    @GyreTest
    void thatOfAConnectThatIsGivenUpIsFreeToo(TestLoop test) throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SocketChannel first = SocketChannel.open(full.getLocalSocketAddress());
                SocketChannel second = SocketChannel.open(full.getLocalSocketAddress())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            SocketChannel client = bound(SocketChannel.open(), 0);
            client.connect(full.getLocalSocketAddress());
            test.loop().addHandler(client, (_, _) -> {}, IOLoop.WRITE);
            test.runUntilIdle();

            isFreeAfter(test, client, removedAndClosed(test, client), SocketChannel.open());
        }
    }

    @GyreTest
    void otherChannelsThatAreReadyAreToldInTheNextPollAllTheSame(TestLoop test) throws Exception {
        ServerSocketChannel listener = bound(ServerSocketChannel.open(), 0);
        watch(test, listener);
        List<Integer> events = new ArrayList<>();
        try (TcpPair pair = TcpPair.open()) {
            test.loop().addHandler(pair.near(), (_, ready) -> events.add(ready), IOLoop.READ);
            pair.farSends("x");

            onLoop(
                    test,
                    () -> {
                        test.loop().removeHandler(listener);
                        return events.add(IOLoop.NONE);
                    });
            test.runUntil(() -> events.size() > 1);
            test.loop().removeHandler(pair.near());
        }

        assertThat(events).startsWith(IOLoop.NONE, IOLoop.READ);
    }
}

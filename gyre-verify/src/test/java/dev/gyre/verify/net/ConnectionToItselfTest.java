package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.Network;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.Transport;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// A connect to a port at which nobody listens, from that very port: the kernel connects the socket
/// with itself (RFC 9293, section 3.5, simultaneous open). It happens to those who try a local port
/// of the ephemeral range again and again; here the port is asked for, so that it happens at once.
final class ConnectionToItselfTest {

    private static final List<String> LOOPBACK = List.of("127.0.0.1", "127.0.0.2", "::1");

    /// A port that is free on all interfaces.
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    /// Fails if anybody holds the port, be it for the minute after the end of a connection.
    private static void takePort(InetAddress address, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(false);
            socket.bind(new InetSocketAddress(address, port));
        }
    }

    private static ConnectOptions from(SocketAddress address) {
        return ConnectOptions.defaults().withSourceAddress(address);
    }

    private static <T> T onLoop(TestLoop test, Callable<T> body) {
        Task<T> task = test.loop().spawn("test", body);
        test.runUntil(task::isDone);
        return task.resultNow();
    }

    private static void refused(TestLoop test, Callable<LoopFuture<IOStream>> connect) {
        LoopFuture<IOStream> connecting = onLoop(test, () -> List.of(connect.call())).getFirst();
        test.runUntil(connecting::isDone);

        assertThat(connecting.exceptionNow())
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseInstanceOf(ConnectException.class)
                .hasMessageStartingWith("cannot connect to ")
                .hasMessageEndingWith("would be to itself, since nobody listens there");
    }

    @GyreTest
    void isRefusedToWhoGivesAnAddressAndThePortIsFree(TestLoop test) throws IOException {
        for (String host : LOOPBACK) {
            InetSocketAddress self = at(host, freePort());

            refused(test, () -> TcpClient.connect(self, from(self)));

            takePort(self.getAddress(), self.getPort());
        }
    }

    @GyreTest
    void isRefusedToWhoGivesAHostAndThePortIsFree(TestLoop test) throws IOException {
        for (String host : LOOPBACK) {
            InetSocketAddress self = at(host, freePort());

            refused(test, () -> TcpClient.connect(host, self.getPort(), from(self)));

            takePort(self.getAddress(), self.getPort());
        }
    }

    @GyreTest
    void isRefusedToWhoLeavesTheAddressToTheSystem(TestLoop test) throws IOException {
        int port = freePort();
        for (String host : List.of("127.0.0.1", "::1")) {
            refused(test, () -> TcpClient.connect(host, port, from(new InetSocketAddress(port))));
        }
    }

    @GyreTest
    void isRefusedHoweverTheAddressIsWritten(TestLoop test) throws IOException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 127;
        mapped[15] = 1;
        InetAddress loopback = Inet6Address.getByAddress("mapped", mapped, 0);
        InetSocketAddress self = at("127.0.0.1", freePort());
        InetSocketAddress remote = new InetSocketAddress(loopback, self.getPort());

        refused(test, () -> TcpClient.connect(remote, from(self)));
    }

    /// In the step that hears of the failure, before the loop has polled again.
    @GyreTest
    void isRefusedByTheNetworkAndThePortIsFreeAtOnce(TestLoop test) throws IOException {
        InetSocketAddress self = at("127.0.0.1", freePort());
        List<Throwable> heard = new ArrayList<>();

        onLoop(
                test,
                () -> {
                    LoopFuture<Transport> connecting =
                            Network.LOCAL.get(test.loop()).connect(test.loop(), self, self);
                    connecting.onDone(
                            Transport::close,
                            failure -> {
                                heard.add(failure);
                                heard.addAll(failureOfTaking(self));
                            });
                    return true;
                });
        test.runUntilIdle();

        assertThat(heard).hasSize(1);
        assertThat(heard.getFirst()).isInstanceOf(ConnectException.class);
    }

    private static List<Throwable> failureOfTaking(InetSocketAddress address) {
        try {
            takePort(address.getAddress(), address.getPort());
            return List.of();
        } catch (IOException e) {
            return List.of(e);
        }
    }

    @GyreTest
    void countsAsAnAddressThatCouldNotBeReached(TestLoop test) throws IOException {
        int port = freePort();
        InetSocketAddress self = at("127.0.0.1", port);
        List<InetAddress> found =
                Stream.of("127.0.0.1", "127.0.0.2").map(InetAddress::ofLiteral).toList();
        ConnectOptions options =
                from(self).withResolver((loop, host) -> LoopFuture.completed(loop, found));
        try (TcpServer server =
                onLoop(
                        test,
                        () ->
                                new TcpServer(stream -> stream.write("hello\n"))
                                        .listen("127.0.0.2", port))) {
            String heard =
                    onLoop(
                            test,
                            () -> {
                                try (IOStream stream =
                                        TcpClient.connect("two", port, options).await()) {
                                    return stream.readLine().await();
                                }
                            });

            assertThat(heard).isEqualTo("hello");
            assertThat(server.addresses()).hasSize(1);
            test.runUntil(() -> test.loop().tasks().isEmpty());
        }
    }

    @GyreTest
    void leavesNothingOpenWhenItIsGivenUp(TestLoop test) throws IOException {
        InetSocketAddress self = at("127.0.0.1", freePort());

        onLoop(
                test,
                () -> Network.LOCAL.get(test.loop()).connect(test.loop(), self, self).cancel());

        takePort(self.getAddress(), self.getPort());
    }
}

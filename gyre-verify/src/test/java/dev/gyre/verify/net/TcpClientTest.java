package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future.State;
import org.junit.jupiter.api.io.TempDir;

/// A client over real sockets, and what is left when it does not come through.
class TcpClientTest {

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// A port at which nobody listens.
    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Throwable failure(TestLoop test, LoopFuture<?> future) {
        test.runUntil(future::isDone);
        assertThat(future.exceptionNow()).isInstanceOf(UncheckedIOException.class);
        return future.exceptionNow();
    }

    private static <T> T onLoop(TestLoop test, Callable<T> body) {
        Task<T> task = test.loop().spawn("test", body);
        test.runUntil(task::isDone);
        return task.resultNow();
    }

    private static LoopFuture<IOStream> connect(TestLoop test, SocketAddress address) {
        return onLoop(test, () -> TcpClient.connect(address));
    }

    private static TcpServer echo(TestLoop test, String host) {
        return echo(test, host, 0);
    }

    private static TcpServer echo(TestLoop test, String host, int port) {
        TcpServer server = new TcpServer(stream -> stream.write(stream.readUntil("\n").await()));
        return onLoop(test, () -> server.listen(host, port));
    }

    private static int port(TcpServer server) {
        return server.port();
    }

    private static String ask(LoopFuture<IOStream> connecting) {
        try (IOStream stream = connecting.await()) {
            stream.write("hello\n");
            return stream.readLine().await();
        }
    }

    @GyreTest
    void aPortAtWhichNobodyListensRefuses(TestLoop test) throws IOException {
        InetSocketAddress address = local(deadPort());

        assertThat(failure(test, connect(test, address)))
                .hasRootCauseInstanceOf(ConnectException.class)
                .hasMessageContaining("cannot connect to localhost:" + address.getPort())
                .hasMessageContaining(Logs.text(address));
    }

    @GyreTest
    void anAddressThatIsItsOwnNameIsToldOnce(TestLoop test) throws IOException {
        int port = deadPort();

        LoopFuture<IOStream> connecting = onLoop(test, () -> TcpClient.connect("127.0.0.1", port));

        assertThat(failure(test, connecting))
                .hasMessage("cannot connect to 127.0.0.1:%d: Connection refused".formatted(port));
    }

    @GyreTest
    void aNameWithAPortAtWhichNobodyListensRefuses(TestLoop test) throws IOException {
        int port = deadPort();

        LoopFuture<IOStream> connecting = onLoop(test, () -> TcpClient.connect("localhost", port));

        assertThat(failure(test, connecting)).hasRootCauseInstanceOf(ConnectException.class);
    }

    @GyreTest
    void anAddressOfIpv6IsToldInBrackets(TestLoop test) throws IOException {
        int port = deadPort();

        LoopFuture<IOStream> connecting = onLoop(test, () -> TcpClient.connect("::1", port));

        assertThat(failure(test, connecting)).hasMessageContaining("[::1]:" + port);
    }

    @GyreTest
    void aSocketFileThatIsNotThereRefuses(TestLoop test, @TempDir Path folder) {
        SocketAddress address = UnixDomainSocketAddress.of(folder.resolve("nobody"));

        assertThat(failure(test, connect(test, address)))
                .hasRootCauseInstanceOf(SocketException.class)
                .hasMessageContaining("nobody");
    }

    @GyreTest
    void aNameThatIsUnknownIsToldByItsName(TestLoop test) {
        LoopFuture<IOStream> connecting =
                onLoop(test, () -> TcpClient.connect("no-such-host.invalid", 1));

        assertThat(failure(test, connecting))
                .hasCauseInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    @GyreTest
    void bothFamiliesReachAServerOnBoth(TestLoop test) {
        try (TcpServer server = echo(test, "localhost")) {
            for (SocketAddress address : server.addresses()) {
                assertThat(onLoop(test, () -> ask(TcpClient.connect(address)))).isEqualTo("hello");
            }
            assertThat(onLoop(test, () -> ask(TcpClient.connect("localhost", port(server)))))
                    .isEqualTo("hello");
        }
        test.runUntilIdle();
    }

    @GyreTest
    void aServerOnNoHostInParticularIsOnAllInterfaces(TestLoop test) {
        try (TcpServer server = echo(test, "")) {
            String answer = onLoop(test, () -> ask(TcpClient.connect("127.0.0.2", port(server))));

            assertThat(answer).isEqualTo("hello");
        }
        test.runUntilIdle();
    }

    @GyreTest
    void theSourceAddressIsTheOneThatWasAskedFor(TestLoop test) throws IOException {
        InetSocketAddress source = new InetSocketAddress("127.0.0.2", deadPort());
        ConnectOptions options = ConnectOptions.defaults().withSourceAddress(source);
        try (TcpServer server = echo(test, "127.0.0.1")) {
            SocketAddress seen =
                    onLoop(
                            test,
                            () -> {
                                SocketAddress address = server.addresses().getFirst();
                                try (IOStream stream =
                                        TcpClient.connect(address, options).await()) {
                                    return stream.localAddress();
                                }
                            });

            assertThat(seen).isEqualTo(source);
            test.runUntil(() -> test.loop().tasks().isEmpty());
        }
    }

    @GyreTest
    void aSourceAddressOfSomebodyElseFails(TestLoop test) throws IOException {
        ConnectOptions options =
                ConnectOptions.defaults().withSourceAddress(new InetSocketAddress("8.8.8.8", 0));
        int port = deadPort();

        LoopFuture<IOStream> connecting =
                onLoop(test, () -> TcpClient.connect(local(port), options));

        assertThat(failure(test, connecting))
                .hasRootCauseInstanceOf(SocketException.class)
                .hasMessageContaining("from 8.8.8.8:0");
    }

    @GyreTest
    void aSourceAddressOfAnotherKindIsRefusedAtOnce(TestLoop test) {
        SocketAddress unix = UnixDomainSocketAddress.of("source");
        ConnectOptions fromUnix = ConnectOptions.defaults().withSourceAddress(unix);
        ConnectOptions fromTcp = ConnectOptions.defaults().withSourceAddress(local(0));

        onLoop(
                test,
                () -> {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> TcpClient.connect(local(1), fromUnix))
                            .withMessageStartingWith("source cannot be the source address of");
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> TcpClient.connect("localhost", 1, fromUnix));
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> TcpClient.connect(unix, fromTcp))
                            .withMessageEndingWith("to source: one is a UNIX socket");
                    return null;
                });
    }

    @GyreTest
    void aSourceAddressThatWasNotLookedUpIsRefusedAtOnce(TestLoop test) {
        InetSocketAddress name = InetSocketAddress.createUnresolved("me.invalid", 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectOptions.defaults().withSourceAddress(name))
                .withMessageStartingWith("me.invalid cannot be a source address");
    }

    /// A listener that accepts nothing and whose backlog is full leaves connects unanswered.
    private static void withUnanswered(TestLoop test, UnansweredUse use) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketAddress address = local(listener.getLocalPort());
            List<LoopFuture<IOStream>> fillers =
                    onLoop(
                            test,
                            () -> List.of(TcpClient.connect(address), TcpClient.connect(address)));
            test.runUntil(() -> fillers.stream().allMatch(LoopFuture::isDone));
            use.accept(address);
            fillers.forEach(filler -> filler.resultNow().close());
            assertThat(test.leftovers()).isEmpty();
        }
    }

    private interface UnansweredUse {

        void accept(SocketAddress address) throws Exception;
    }

    @GyreTest
    void aConnectThatIsNotAnsweredEndsWithItsDeadline(TestLoop test) throws Exception {
        withUnanswered(
                test,
                address -> {
                    LoopFuture<IOStream> late = connect(test, address);
                    Task<IOStream> waiting =
                            test.loop().spawn("late", () -> late.await(Duration.ofSeconds(5)));
                    test.runUntilIdle();
                    assertThat(waiting.isDone()).isFalse();

                    test.advance(Duration.ofSeconds(5));

                    assertThat(waiting.exceptionNow())
                            .isInstanceOf(DeadlineExceededException.class);
                    assertThat(test.leftovers()).hasSize(2);
                });
    }

    @GyreTest
    void givingUpAConnectClosesItsSocket(TestLoop test) throws Exception {
        withUnanswered(
                test,
                address -> {
                    LoopFuture<IOStream> late = connect(test, address);
                    test.runUntilIdle();
                    assertThat(test.leftovers()).hasSizeGreaterThan(2);

                    late.cancel();
                    test.runUntilIdle();

                    assertThat(late.state()).isEqualTo(State.CANCELLED);
                    assertThat(test.leftovers()).hasSize(2);
                });
    }

    /// Two addresses of one family at one port, the first of which never answers.
    private static void withSilentFirst(TestLoop test, ConnectOptions options) throws Exception {
        withUnanswered(
                test,
                silent -> {
                    int port = ((InetSocketAddress) silent).getPort();
                    List<InetAddress> found =
                            List.of(
                                    InetAddress.getLoopbackAddress(),
                                    InetAddress.ofLiteral("127.0.0.2"));
                    ConnectOptions both =
                            options.withResolver((loop, host) -> LoopFuture.completed(loop, found));
                    try (TcpServer server = echo(test, "127.0.0.2", port)) {
                        LoopFuture<IOStream> connecting =
                                onLoop(test, () -> List.of(TcpClient.connect("two", port, both)))
                                        .getFirst();
                        test.runUntilIdle();
                        assertThat(connecting.isDone()).isFalse();

                        test.advance(Duration.ofMillis(300));
                        test.runUntil(connecting::isDone);

                        assertThat(connecting.resultNow().remoteAddress())
                                .isEqualTo(server.addresses().getFirst());
                        assertThat(onLoop(test, () -> ask(connecting))).isEqualTo("hello");
                        test.runUntil(() -> test.loop().tasks().isEmpty());
                    }
                    test.runUntilIdle();
                });
    }

    @GyreTest
    void aSilentAddressDoesNotHideTheNextOfItsFamily(TestLoop test) throws Exception {
        withSilentFirst(test, ConnectOptions.defaults());
    }

    /// While the first attempt has the port, the second asks for it, too.
    @GyreTest
    void aSilentAddressDoesNotHideTheNextEvenFromAGivenPort(TestLoop test) throws Exception {
        InetSocketAddress source = new InetSocketAddress("127.0.0.3", deadPort());

        withSilentFirst(test, ConnectOptions.defaults().withSourceAddress(source));
    }
}

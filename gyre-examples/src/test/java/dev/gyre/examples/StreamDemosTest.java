package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.TcpServer;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The demos that are a protocol on a stream, over real sockets.
final class StreamDemosTest {

    private static RunningDemo<TcpDemo> start(BiFunction<IOLoop, PrintStream, TcpServer> server)
            throws Exception {
        return new RunningDemo<>(
                (loop, out) -> new TcpDemo(server.apply(loop, out).withLoop(loop)));
    }

    @ParameterizedTest
    @EnumSource
    void lineEchoSendsLinesBack(Feed feed) throws Exception {
        try (var demo = start((_, _) -> LineEcho.server());
                Client client = demo.connect()) {
            feed.send(client, "one\ntwo\r\n\nfour\nno end");
            client.shutdownOutput();

            assertThat(client.receiveToEnd()).isEqualTo("one\ntwo\r\n\nfour\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void sentinelEchoEndsAtTheSentinelAlone(Feed feed) throws Exception {
        try (var demo = start((_, out) -> SentinelEcho.server(out));
                Client client = demo.connect()) {
            feed.send(client, "hi dude! that is all!whats up! that is all!that is all!");

            assertThat(client.receiveToEnd())
                    .isEqualTo("hi dude! that is all!whats up! that is all!");
            assertThat(demo.transcript().nextLine())
                    .isEqualTo("data recieved:  hi dude! that is all!");
            assertThat(demo.transcript().nextLine())
                    .isEqualTo("data recieved:  whats up! that is all!");
            assertThat(demo.transcript().nextLine()).isEqualTo("no more messages");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theProxyPassesOnBothWaysAndTheEndOfEach(Feed feed) throws Exception {
        try (var echo = start((_, _) -> LineEcho.server());
                var proxy = proxyTo(echo.address());
                Client client = proxy.connect()) {
            feed.send(client, "one\ntwo\n");
            assertThat(client.receive(8)).isEqualTo("one\ntwo\n");

            client.shutdownOutput();

            assertThat(client.receiveToEnd()).isEmpty();
        }
    }

    @Test
    void theProxyPassesOnAReset() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var proxy = proxyTo((InetSocketAddress) server.getLocalSocketAddress());
                Client client = proxy.connect()) {
            Socket accepted = server.accept();
            accepted.getOutputStream().write('x');
            assertThat(client.receive(1)).isEqualTo("x");

            accepted.setSoLinger(true, 0);
            accepted.close();

            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(client::receiveToEnd)
                    .withMessageContaining("reset");
        }
    }

    @Test
    void theProxyTellsAndCountsEachConnectionWhoseServerCannotBeReached() throws Exception {
        InetSocketAddress nobody;
        try (var echo = start((_, _) -> LineEcho.server())) {
            nobody = echo.address();
        }

        String address = HostPort.text(nobody);
        staysUpWithout(nobody, "cannot connect to %s: Connection refused".formatted(address));
    }

    @Test
    void theProxyTellsAndCountsEachConnectionWhoseServerIsUnknown() throws Exception {
        staysUpWithout(
                InetSocketAddress.createUnresolved("no.invalid", 1),
                "host 'no.invalid' does not resolve to an address");
    }

    private static void staysUpWithout(InetSocketAddress target, String told) throws Exception {
        AtomicReference<TcpProxy> made = new AtomicReference<>();
        try (var proxy =
                start((_, out) -> {
                    made.set(new TcpProxy(target, out));
                    return made.get().server();
                })) {
            for (int i = 0; i < 2; i++) {
                try (Client client = proxy.connect()) {
                    assertThat(client.receiveToEnd()).isEmpty();
                    assertThat(proxy.transcript().nextLine()).isEqualTo("tcp-proxy: " + told);
                }
            }

            assertThat(proxy.onLoop(() -> made.get().counters()))
                    .startsWith("0 open of 2 connections (2 without a server), 0 bytes");
        }
    }

    private static RunningDemo<TcpDemo> proxyTo(InetSocketAddress target) throws Exception {
        return start((_, out) -> new TcpProxy(target, out).server());
    }
}

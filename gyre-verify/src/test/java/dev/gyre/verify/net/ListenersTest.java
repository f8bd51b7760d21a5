package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.gyre.net.ListenOptions;
import dev.gyre.net.Listeners;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;

/// Sockets that listen, made ahead of the server.
final class ListenersTest {

    private final List<ServerSocketChannel> open = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (ServerSocketChannel each : open) {
            each.close();
        }
    }

    private List<ServerSocketChannel> bind(String host, int port, ListenOptions options)
            throws IOException {
        List<ServerSocketChannel> bound = Listeners.bind(host, port, options);
        open.addAll(bound);
        return bound;
    }

    private static InetSocketAddress address(ServerSocketChannel bound) throws IOException {
        return (InetSocketAddress) bound.getLocalAddress();
    }

    @Test
    void allAddressesOfAHostShareOnePort() throws IOException {
        List<ServerSocketChannel> bound = bind("localhost", 0, ListenOptions.defaults());

        int port = address(bound.getFirst()).getPort();
        assertThat(port).isPositive();
        for (ServerSocketChannel each : bound) {
            assertThat(address(each).getPort()).isEqualTo(port);
            assertThat(address(each).getAddress().isLoopbackAddress()).isTrue();
            assertThat(each.isBlocking()).isFalse();
        }
    }

    @ParameterizedTest
    @NullAndEmptySource
    void noHostStandsForAllInterfaces(String host) throws IOException {
        List<ServerSocketChannel> bound = bind(host, 0, ListenOptions.defaults());

        assertThat(bound).hasSize(1);
        assertThat(address(bound.getFirst()).getAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void aPortIsSharedByThoseWhoAskForIt() throws IOException {
        ListenOptions shared = ListenOptions.defaults().withReusePort();
        int port = address(bind("127.0.0.1", 0, shared).getFirst()).getPort();

        assertThat(bind("127.0.0.1", port, shared)).hasSize(1);

        assertThatIOException()
                .isThrownBy(() -> bind("127.0.0.1", port, ListenOptions.defaults()))
                .isInstanceOf(BindException.class)
                .withMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void aPortInUseOnOneAddressLeavesNothingOpenOnTheOthers() throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName("localhost");
        InetAddress last = addresses[addresses.length - 1];
        int port =
                address(bind(last.getHostAddress(), 0, ListenOptions.defaults()).getFirst())
                        .getPort();

        assertThatIOException()
                .isThrownBy(() -> bind("localhost", port, ListenOptions.defaults()))
                .isInstanceOf(BindException.class);

        open.removeFirst().close();
        assertThat(bind("localhost", port, ListenOptions.defaults())).hasSameSizeAs(addresses);
    }

    @Test
    void aHostThatIsUnknownIsNamed() {
        assertThatIOException()
                .isThrownBy(() -> bind("no-such-host.invalid", 0, ListenOptions.defaults()))
                .isInstanceOf(UnknownHostException.class)
                .withMessageContaining("no-such-host.invalid");
    }
}

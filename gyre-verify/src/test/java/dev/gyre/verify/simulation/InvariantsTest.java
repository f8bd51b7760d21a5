package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.net.ListenOptions;
import dev.gyre.net.Network;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.Transport;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A simulation finds what is wrong with a program or a stream, though nobody asserts it.
class InvariantsTest {

    private final Simulation simulation = new Simulation(1);
    private final SimulatedHost server = simulation.host("server");
    private final SimulatedHost client = simulation.host("client");

    /// The ends of the server.
    private final List<Transport> accepted = new ArrayList<>();

    @BeforeEach
    void listen() {
        server.run(() -> listen(9000, accepted::add));
    }

    private Network.Listener listen(int port, Consumer<Transport> onAccept) throws IOException {
        Network.Listener listener =
                Network.LOCAL
                        .get(server.loop())
                        .listen(
                                server.loop(),
                                new InetSocketAddress(server.address(), port),
                                ListenOptions.defaults());
        listener.start(onAccept);
        return listener;
    }

    @AfterEach
    void close() {
        simulation.close();
    }

    private Transport connect() {
        return client.run(() -> connect(9000).await());
    }

    private LoopFuture<Transport> connect(int port) {
        return Network.LOCAL
                .get(client.loop())
                .connect(client.loop(), new InetSocketAddress(server.address(), port), null);
    }

    private void refuses(String message, Callable<?> program) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> client.run(program))
                .withMessageContaining(message);
    }

    @Test
    void aBufferThatIsChangedBeforeItsWriteIsDone() {
        IOStream stream = new IOStream(client.loop(), connect());
        byte[] bytes = new byte[200_000];
        server.run(() ->
                server.loop()
                        .callLater(
                                Duration.ofSeconds(1),
                                () -> accepted.getFirst().read(ByteBuffer.allocate(100_000))));

        refuses(
                "was offered other bytes than those it had no room for",
                () -> {
                    LoopFuture<?> written = stream.write(bytes);
                    Arrays.fill(bytes, (byte) 1);
                    return written.await();
                });
    }

    @Test
    void bytesThatAreRepeated() {
        Transport end = connect();

        refuses(
                "was offered other bytes than those it had no room for",
                () -> {
                    byte[] bytes = new byte[100_000];
                    bytes[66_000] = 1;
                    end.write(ByteBuffer.wrap(bytes));
                    end.write(ByteBuffer.wrap(bytes));
                    return true;
                });
    }

    @Test
    void aConnectionThatIsUsedAfterItsClose() {
        Transport end = connect();

        refuses(
                "was called after its close",
                () -> {
                    end.close();
                    assertThatExceptionOfType(ClosedChannelException.class)
                            .isThrownBy(() -> end.read(ByteBuffer.allocate(1)));
                    return true;
                });
    }

    @Test
    void aConnectionThatIsUsedOnAnotherHost() {
        connect();

        refuses(
                "was called on host 'client', but belongs to 'server'",
                () -> accepted.getFirst().read(ByteBuffer.allocate(1)));
    }

    /// Its handler is due in the same turn; `handler-of-removed-channel` has it called.
    @Test
    void ofTwoListenersThatCloseEachOtherInOneTurnOneIsCalled() {
        List<Network.Listener> pair = new ArrayList<>();
        server.run(() -> {
            for (int port = 9001; port <= 9002; port++) {
                pair.add(
                        listen(
                                port,
                                connection -> {
                                    accepted.add(connection);
                                    pair.forEach(Network.Listener::close);
                                }));
            }
            return true;
        });

        client.run(() -> LoopFuture.all(List.of(connect(9001), connect(9002))).await());

        assertThat(accepted).hasSize(1);
    }

    @Test
    void whatMustHoldAlways() {
        List<Integer> held = new ArrayList<>();
        simulation.checkAlways(() -> assertThat(held).hasSizeLessThan(2));

        refuses(
                "to be less than 2",
                () -> {
                    for (int i = 0; i < 3; i++) {
                        held.add(i);
                        Task.sleep(Duration.ofSeconds(1));
                    }
                    return true;
                });
        assertThat(held).hasSize(2);
    }
}

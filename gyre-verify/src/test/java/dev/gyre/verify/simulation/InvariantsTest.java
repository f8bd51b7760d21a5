package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.LoopFuture;
import dev.gyre.net.ListenOptions;
import dev.gyre.net.Network;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.Transport;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
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
        server.run(() -> {
            Network.Listener listener =
                    Network.LOCAL
                            .get(server.loop())
                            .listen(
                                    server.loop(),
                                    new InetSocketAddress(server.address(), 9000),
                                    ListenOptions.defaults());
            listener.start(accepted::add);
            return true;
        });
    }

    @AfterEach
    void close() {
        simulation.close();
    }

    private Transport connect() {
        return client.run(() -> {
            LoopFuture<Transport> connected =
                    Network.LOCAL
                            .get(client.loop())
                            .connect(
                                    client.loop(),
                                    new InetSocketAddress(server.address(), 9000),
                                    null);
            return connected.await();
        });
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
}

package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// What addresses the ends of a simulated connection have, and who may have which: as outside.
final class AddressesInSimulationTest {

    private TcpServer server;
    private SimulatedHost host;

    private void serve(Simulation simulation) {
        host = simulation.host("server");
        server = host.run(() -> new TcpServer(AddressesInSimulationTest::tellPeer).listen(9000));
    }

    private void stop() {
        host.run(() -> {
            server.close();
            return true;
        });
    }

    private static void tellPeer(IOStream stream) {
        stream.write(stream.remoteAddress() + "\n");
    }

    private static ConnectOptions from(InetAddress address, int port) {
        return ConnectOptions.defaults().withSourceAddress(new InetSocketAddress(address, port));
    }

    private static SocketAddress askedFrom(ConnectOptions options) {
        try (IOStream stream = TcpClient.connect("server", 9000, options).await()) {
            assertThat(stream.readLine().await()).isEqualTo(stream.localAddress() + "");
            return stream.localAddress();
        }
    }

    private static void refused(SimulatedHost client, ConnectOptions options, String reason) {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> client.run(() -> askedFrom(options)))
                .withMessageContaining("from ")
                .withMessageContaining(reason);
    }

    @SimTest(seeds = 5)
    void whoAsksForAnyPortGetsOne(Simulation simulation) {
        serve(simulation);
        SimulatedHost client = simulation.host("client");

        SocketAddress local = client.run(() -> askedFrom(from(client.address(), 0)));

        assertThat(((InetSocketAddress) local).getPort()).isPositive();
        stop();
    }

    @SimTest(seeds = 5)
    void whoAsksForAPortGetsThatOne(Simulation simulation) {
        serve(simulation);
        SimulatedHost client = simulation.host("client");

        SocketAddress local = client.run(() -> askedFrom(from(client.address(), 7000)));

        assertThat(local).isEqualTo(new InetSocketAddress(client.address(), 7000));
        stop();
    }

    @SimTest(seeds = 5)
    void theAddressOfSomebodyElseIsRefused(Simulation simulation) {
        serve(simulation);

        refused(simulation.host("client"), from(host.address(), 0), "Cannot assign requested");
        stop();
    }

    /// Else both ends of the connection had one address.
    @SimTest(seeds = 5)
    void thePortOfAListenerIsRefusedAsTheSource(Simulation simulation) {
        serve(simulation);

        refused(host, from(host.address(), 9000), "Address already in use");
        stop();
    }

    @SimTest(seeds = 5)
    void aConnectionToItselfIsRefused(Simulation simulation) {
        serve(simulation);
        SimulatedHost client = simulation.host("client");
        InetSocketAddress self = new InetSocketAddress(client.address(), 7000);

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() ->
                        client.run(() ->
                                TcpClient.connect(self, from(self.getAddress(), 7000)).await()))
                .withMessageContaining("Connection refused");
        stop();
    }

    @SimTest(seeds = 5)
    void theServerListensAgainInTheTurnOfItsStop(Simulation simulation) {
        serve(simulation);
        host.run(() -> {
            server.stop();
            return server.listen(9000);
        });
        SimulatedHost client = simulation.host("client");

        assertThat(client.run(() -> askedFrom(ConnectOptions.defaults()))).isNotNull();
        stop();
    }
}

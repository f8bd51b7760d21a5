package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class RawEchoTest {

    private RunningDemo<RawEcho> demo;

    @BeforeEach
    void start() throws Exception {
        demo = new RunningDemo<>(RawEcho::new);
    }

    @AfterEach
    void stop() {
        demo.close();
    }

    private String nextLine() throws InterruptedException {
        return demo.transcript().nextLine();
    }

    @Test
    void tellsReceivedSendingAndQueueEmptyForEachChunk() throws Exception {
        try (Client client = demo.connect()) {
            String address = client.address();

            client.send("hello\n");

            assertThat(client.receive(6)).isEqualTo("hello\n");
            assertThat(nextLine()).isEqualTo("Received 'hello\\n' from " + address);
            assertThat(nextLine()).isEqualTo("Sending hello\\n to " + address);
            assertThat(nextLine()).isEqualTo(address + " queue empty");

            client.send("it's");

            assertThat(client.receive(4)).isEqualTo("it's");
            assertThat(nextLine()).isEqualTo("Received \"it's\" from " + address);
            assertThat(nextLine()).isEqualTo("Sending it's to " + address);
            assertThat(nextLine()).isEqualTo(address + " queue empty");

            client.shutdownOutput();

            assertThat(nextLine()).isEqualTo("Closing " + address);
            assertThat(demo.transcript().isEmpty()).isTrue();
        }
    }

    @Test
    void echoesAllByteValues() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }

        try (Client client = demo.connect()) {
            client.send(all);

            assertThat(client.receive(all.length).chars())
                    .containsExactlyElementsOf(range(all.length));
        }
    }

    private static List<Integer> range(int end) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < end; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    @Test
    void receivesAtMostOneChunkAtATime() throws Exception {
        try (Client client = demo.connect()) {
            client.send("x".repeat(1025));

            assertThat(client.receive(1025)).isEqualTo("x".repeat(1025));
            String line = nextLine();
            String bare = "Received '' from " + client.address();
            assertThat(line).hasSizeLessThanOrEqualTo(1024 + bare.length());
        }
    }

    @Test
    void echoesAllThatCameBeforeAHalfClose() throws Exception {
        try (Client client = demo.connect()) {
            client.send("x".repeat(5000));
            client.shutdownOutput();

            assertThat(client.receiveToEnd()).isEqualTo("x".repeat(5000));
            demo.transcript().awaitLines("Closing " + client.address(), 1);
        }
    }

    @Test
    void tellsAnExceptionWhenTheClientResets() throws Exception {
        Client client = demo.connect();
        String address = client.address();
        client.send("x");
        demo.transcript().awaitLines(address + " queue empty", 1);

        client.reset();

        assertThat(nextLine()).isEqualTo("Exception on " + address);
        assertThat(demo.onLoop(demo.server()::clientCount)).isZero();
        assertThat(demo.metrics().handlers()).isEqualTo(1);
    }

    @Test
    void goesOnWhenAClientResetsBeforeItsEchoIsSent() throws Exception {
        Client rude = demo.connect();
        rude.send("x".repeat(100_000));
        rude.reset();
        demo.transcript().awaitLines("Exception on ", 1);

        try (Client client = demo.connect()) {
            client.send("still there");

            assertThat(client.receive(11)).isEqualTo("still there");
        }
        demo.transcript().awaitLines("Closing ", 1);
        assertThat(demo.onLoop(demo.server()::clientCount)).isZero();
    }

    @Test
    void closingTheServerClosesItsConnections() throws Exception {
        try (Client client = demo.connect()) {
            client.send("x");
            assertThat(client.receive(1)).isEqualTo("x");

            demo.closeServer();

            assertThat(client.receiveToEnd()).isEmpty();
            assertThat(demo.onLoop(demo.server()::clientCount)).isZero();
            assertThat(demo.metrics().handlers()).isZero();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void canListenAgainWhileOldConnectionsLinger() throws Exception {
        try (Client client = demo.connect()) {
            client.send("x");
            assertThat(client.receive(1)).isEqualTo("x");
            demo.closeServer();
            assertThat(client.receiveToEnd()).isEmpty();
        }

        try (var again = new RunningDemo<>(RawEcho::new, demo.address())) {
            assertThat(again.address()).isEqualTo(demo.address());
        }
    }

    @Test
    void servesFiveThousandClientsAtOnce() throws Exception {
        int count = 5000;
        assumeTrue(filesMax() > 2 * count + 500, "both ends need descriptors in this process");
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                Client client = demo.connect();
                clients.add(client);
                // Its echo shows that it was accepted, so the backlog of 20 never overflows.
                client.send("a");
                assertThat(client.receive(1)).isEqualTo("a");
            }
            assertThat(demo.onLoop(demo.server()::clientCount)).isEqualTo(count);
            assertThat(demo.metrics().handlers()).isEqualTo(count + 1);

            for (int i = 0; i < count; i++) {
                clients.get(i).send("client %04d".formatted(i));
            }
            for (int i = 0; i < count; i++) {
                assertThat(clients.get(i).receive(11)).isEqualTo("client %04d".formatted(i));
            }
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
        demo.transcript().awaitLines("Closing ", count);
        assertThat(demo.onLoop(demo.server()::clientCount)).isZero();
        assertThat(demo.metrics().handlers()).isEqualTo(1);
    }

    private static long filesMax() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}

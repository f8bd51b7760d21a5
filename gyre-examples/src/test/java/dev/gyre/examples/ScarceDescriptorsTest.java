package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A server that may open fewer descriptors than it has clients.
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // Reading a pipe has no time-out.
final class ScarceDescriptorsTest {

    private static final int DESCRIPTORS = 60;
    private static final int CLIENTS = 80;
    private static final int LATE_CLIENTS = 10;

    /// More than the descriptors, so that all who were accepted are among them.
    private static final int LEAVING_CLIENTS = DESCRIPTORS;

    @Test
    void theServerServesAgainOnceItsClientsLeave() throws Exception {
        try (var gyre = GyreProcess.startLimited(DESCRIPTORS, "demo", "raw-echo", "--port", "0")) {
            InetSocketAddress address = gyre.listening("raw-echo");
            loadClasses(address);
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(beginConnect(address));
            }
            awaitScarcity(gyre);
            for (SocketChannel client : clients) {
                client.close();
            }

            // Several clients come, one after the other: the first may be served while most
            // descriptors are still those of clients that have left, and the end needs some for its
            // classes, which come from folders here.
            for (int i = 0; i < LATE_CLIENTS; i++) {
                try (Client late = Client.connect(address)) {
                    late.send("x");

                    assertThat(late.receive(1)).isEqualTo("x");
                }
            }
            gyre.signal("TERM");
            List<String> errors = gyre.errorLines();
            assertThat(gyre.exitStatus()).as(String.join("\n", errors)).isZero();
        }
    }

    @Test
    void whoHasWaitedIsServedOnceOthersLeave() throws Exception {
        try (var gyre = GyreProcess.startLimited(DESCRIPTORS, "demo", "line-echo", "--port", "0")) {
            InetSocketAddress address = gyre.listening("line-echo");
            loadClasses(address);
            try (var clients = new Clients(address)) {
                awaitScarcity(gyre);

                clients.closeFirst(LEAVING_CLIENTS);

                assertThat(clients.answersToRest())
                        .hasSize(CLIENTS - LEAVING_CLIENTS)
                        .containsOnly("x\n");
            }
            gyre.signal("TERM");
            assertThat(gyre.exitStatus()).isZero();
            // The lack was told once, above, though some were served before it was over.
            assertThat(gyre.errorLines()).noneMatch(line -> line.contains("cannot accept"));
        }
    }

    /// Has a client served to its end: the classes for that come from folders here, and so need
    /// descriptors.
    private static void loadClasses(InetSocketAddress address) throws IOException {
        try (Client client = Client.connect(address)) {
            client.send("x\n");
            client.shutdownOutput();
            assertThat(client.receiveToEnd()).isEqualTo("x\n");
        }
    }

    /// Clients that each have sent a line, accepted or not.
    private static final class Clients implements AutoCloseable {

        private final List<Client> connected = new ArrayList<>();

        Clients(InetSocketAddress address) throws IOException {
            for (int i = 0; i < CLIENTS; i++) {
                Client client = Client.connect(address);
                connected.add(client);
                client.send("x\n");
            }
        }

        void closeFirst(int count) throws IOException {
            for (Client client : connected.subList(0, count)) {
                client.close();
            }
            connected.subList(0, count).clear();
        }

        List<String> answersToRest() throws IOException {
            List<String> answers = new ArrayList<>();
            for (Client client : connected) {
                answers.add(client.receive(2));
            }
            return answers;
        }

        @Override
        public void close() throws IOException {
            closeFirst(connected.size());
        }
    }

    private static void awaitScarcity(GyreProcess gyre) throws IOException {
        String line = gyre.nextErrorLine();
        while (!line.contains("Too many open files")) {
            line = gyre.nextErrorLine();
        }
    }

    /// Begins a connect without waiting for the answer: clients that the server has no room for get
    /// none.
    private static SocketChannel beginConnect(InetSocketAddress address) throws IOException {
        SocketChannel client = SocketChannel.open();
        client.configureBlocking(false);
        client.connect(address);
        return client;
    }
}

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

    @Test
    void theServerServesAgainOnceItsClientsLeave() throws Exception {
        try (var gyre = GyreProcess.startLimited(DESCRIPTORS, "demo", "raw-echo", "--port", "0")) {
            InetSocketAddress address = gyre.listening("raw-echo");
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(beginConnect(address));
            }
            String line = gyre.nextErrorLine();
            while (!line.contains("Too many open files")) {
                line = gyre.nextErrorLine();
            }
            for (SocketChannel client : clients) {
                client.close();
            }

            // Several, one after the other: the first may be served while most descriptors are
            // still those of clients that have left, and the end needs some for its classes, which
            // come from folders here.
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

    /// Does not wait for the answer: those that the server has no room for get none.
    private static SocketChannel beginConnect(InetSocketAddress address) throws IOException {
        SocketChannel client = SocketChannel.open();
        client.configureBlocking(false);
        client.connect(address);
        return client;
    }
}

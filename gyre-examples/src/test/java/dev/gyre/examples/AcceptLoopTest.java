package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.examples.AcceptLoop.ConnectionFunction;
import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class AcceptLoopTest {

    private static final int SECONDS_MAX = 30;

    private static RunningDemo<AcceptLoop> start(ConnectionFunction function) throws IOException {
        return new RunningDemo<>((loop, _) -> new AcceptLoop(loop, function));
    }

    private static AcceptLoop echo(IOLoop loop, PrintStream out) {
        return new AcceptLoop(
                loop, (connection, client) -> ChunkEcho.serve(loop, out, connection, client));
    }

    @Test
    void acceptsAllThatAreWaitingInOneTurn() throws Exception {
        int count = 100;
        List<String> served = new ArrayList<>();
        try (var demo =
                start((connection, client) -> {
                    served.add(HostPort.text(client) + " " + connection.isBlocking());
                    connection.close();
                })) {
            AtomicBoolean release = new AtomicBoolean();
            CompletableFuture<Boolean> held = holdLoop(demo, release);
            List<Client> clients = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Client client = demo.connect();
                clients.add(client);
                expected.add(client.address() + " false");
            }
            long calls = demo.loopMetricsNow().handled();

            release.set(true);
            for (Client client : clients) {
                assertThat(client.receiveToEnd()).isEmpty();
                client.close();
            }

            assertThat(RunningDemo.await(held)).isTrue();
            assertThat(demo.onLoop(() -> List.copyOf(served))).containsExactlyElementsOf(expected);
            assertThat(demo.metrics().handled()).isEqualTo(calls + 1);
        }
    }

    /// Keeps the loop busy with one callback until `release` is set. Waiting for a latch would not
    /// keep it busy: the loop goes on meanwhile.
    private static CompletableFuture<Boolean> holdLoop(
            RunningDemo<AcceptLoop> demo, AtomicBoolean release) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CompletableFuture<Boolean> released = new CompletableFuture<>();
        demo.addCallback(() -> {
            entered.countDown();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
            while (!release.get() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            released.complete(release.get());
        });
        assertThat(entered.await(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        return released;
    }

    @Test
    void aFunctionThatThrowsLosesItsConnectionOnly() throws Exception {
        List<String> served = new ArrayList<>();
        try (var demo =
                start((connection, client) -> {
                    served.add(HostPort.text(client));
                    if (served.size() == 1) {
                        throw new IllegalStateException("not this one");
                    }
                    connection.close();
                })) {
            try (Client refused = demo.connect()) {
                assertThat(refused.receiveToEnd()).isEmpty();
            }
            try (Client next = demo.connect()) {
                assertThat(next.receiveToEnd()).isEmpty();
            }

            assertThat(demo.onLoop(served::size)).isEqualTo(2);
            assertThat(demo.nextFailure()).hasMessage("not this one");
        }
    }

    @Test
    void theFunctionMayCloseTheListener() throws Exception {
        CompletableFuture<RunningDemo<AcceptLoop>> self = new CompletableFuture<>();
        try (var demo =
                start((connection, _) -> {
                    self.join().server().close();
                    connection.close();
                })) {
            self.complete(demo);

            try (Client last = demo.connect()) {
                assertThat(last.receiveToEnd()).isEmpty();
            }

            assertThat(demo.metrics().handlers()).isZero();
        }
    }

    @Test
    void theDemoEchoesAndTellsOfEachConnection() throws Exception {
        try (var demo = new RunningDemo<>(AcceptLoopTest::echo)) {
            Client client = demo.connect();
            client.send("x".repeat(5000));
            client.shutdownOutput();

            assertThat(client.receiveToEnd()).isEqualTo("x".repeat(5000));
            assertThat(demo.transcript().nextLine())
                    .isEqualTo("Connection from " + client.address());
            assertThat(demo.transcript().nextLine()).isEqualTo("Closing " + client.address());
            assertThat(demo.metrics().handlers()).isEqualTo(1);
            client.close();
        }
    }

    @Test
    void theDemoSendsTheRestWhenThereIsRoomAgain() throws Exception {
        String text = "0123456789abcdef".repeat(4096);
        try (var demo = new RunningDemo<>(AcceptLoopTest::narrowEcho);
                Client client = Client.connectNarrow(demo.address())) {
            client.send(text);

            assertThat(client.receive(text.length())).isEqualTo(text);
        }
    }

    /// An echo whose sockets take a few kilobytes, less than a chunk, before they must wait.
    private static AcceptLoop narrowEcho(IOLoop loop, PrintStream out) {
        return new AcceptLoop(
                loop,
                (connection, client) -> {
                    connection.setOption(StandardSocketOptions.SO_SNDBUF, 1);
                    ChunkEcho.serve(loop, out, connection, client);
                });
    }

    @Test
    void theDemoTellsAnExceptionWhenTheClientResets() throws Exception {
        try (var demo = new RunningDemo<>(AcceptLoopTest::echo)) {
            Client client = demo.connect();
            String address = client.address();
            client.send("x");
            assertThat(client.receive(1)).isEqualTo("x");

            client.reset();

            assertThat(demo.transcript().nextLine()).isEqualTo("Connection from " + address);
            assertThat(demo.transcript().nextLine()).isEqualTo("Exception on " + address);
            assertThat(demo.metrics().handlers()).isEqualTo(1);
        }
    }
}

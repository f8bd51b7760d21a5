package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.net.ConnectionHandler;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Future.State;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a server does with its connections and listeners, over real sockets.
@ParameterizedClass
@EnumSource
@Timeout(30)
class TcpServerTest {

    private static final String APPLICATION = "dev.gyre.application";

    @Parameter ServerAddress kind;

    private final ExpectLog log = ExpectLog.open();
    private final TestLoop test = new TestLoop();
    private final List<IOStream> clients = new ArrayList<>();
    private final Path folder = newFolder();

    /// Null in a test without one.
    private TcpServer server;

    private static Path newFolder() {
        try {
            return ServerAddress.newFolder();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        clients.forEach(IOStream::close);
        if (server != null) {
            server.close();
        }
        test.runUntilIdle();
        assertThat(test.leftovers()).isEmpty();
        assertThat(test.loop().tasks()).isEmpty();
        test.close();
        assertThat(log.problems()).isEmpty();
        log.close();
        assertThat(folder).isEmptyDirectory();
        Files.delete(folder);
    }

    private void serve(ConnectionHandler handler) {
        listen(new TcpServer(handler));
    }

    private void listen(TcpServer newServer) {
        server = newServer;
        onLoop(() -> server.listen(kind.free(folder)));
    }

    private <T> T onLoop(Callable<T> body) {
        Task<T> task = test.loop().spawn("test", body);
        test.runUntil(task::isDone);
        return task.resultNow();
    }

    private IOStream connect() {
        SocketAddress address = server.addresses().getFirst();
        IOStream client = onLoop(() -> TcpClient.connect(address).await());
        clients.add(client);
        return client;
    }

    private String answer(IOStream client, String question) {
        return onLoop(() -> {
            client.write(question);
            return client.readLine().await();
        });
    }

    private String rest(IOStream client) {
        return onLoop(() -> new String(client.readUntilClose().await(), StandardCharsets.UTF_8));
    }

    private static void echo(IOStream stream) {
        while (true) {
            stream.write(stream.readUntil("\n").await());
            stream.drain().await();
        }
    }

    @Test
    void linesComeBack() {
        serve(TcpServerTest::echo);

        assertThat(answer(connect(), "hello\n")).isEqualTo("hello");
    }

    @Test
    void itsPortIsToldIfItHasOne() {
        TcpServer unheard = new TcpServer(TcpServerTest::echo);
        assertThatThrownBy(unheard::port)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the server does not listen, so it has no port; call listen before");
        serve(TcpServerTest::echo);

        if (kind == ServerAddress.UNIX) {
            assertThatThrownBy(server::port)
                    .hasMessageStartingWith("the server listens on no port, but on ");
            return;
        }
        int port = server.port();
        assertThat(server.addresses().getFirst())
                .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        onLoop(() -> server.listen(kind.free(folder)));
        assertThatThrownBy(server::port)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("several ports", ":" + port, "addresses()");
    }

    @Test
    void aHandlerThatReturnsHasItsBytesSent() {
        serve(stream -> stream.write("data"));

        assertThat(rest(connect())).isEqualTo("data");
        test.runUntil(() -> server.connections().isEmpty());
    }

    @Test
    void aHandlerThatFailsIsLoggedAfterItsClientWasServed() {
        log.expect(APPLICATION, Level.ERROR, "deliberate");
        serve(stream -> {
            stream.write("data\n").await();
            throw new IllegalStateException("deliberate");
        });
        IOStream client = connect();

        assertThat(rest(client)).isEqualTo("data\n");
        test.runUntil(() -> server.connections().isEmpty());
    }

    @Test
    void aHandlerThatFailsWithAnErrorIsLoggedToo() {
        log.expect(APPLICATION, Level.ERROR, "deliberate");
        serve(stream -> {
            throw new AssertionError("deliberate");
        });

        assertThat(rest(connect())).isEmpty();
    }

    @Test
    void aClientThatLeavesIsNoErrorOfTheHandler() {
        serve(TcpServerTest::echo);

        connect().close();
        test.runUntil(() -> server.acceptedCount() == 1 && server.connections().isEmpty());

        assertThat(log.records())
                .filteredOn(record -> record.message().contains("ended early"))
                .extracting(ExpectLog.Captured::level)
                .containsExactly(Level.DEBUG);
    }

    @Test
    void theEndOfAnotherStreamIsAnErrorOfTheHandler() {
        log.expect(APPLICATION, Level.ERROR, "handler failed");
        List<IOStream> accepted = new ArrayList<>();
        serve(stream -> {
            accepted.add(stream);
            accepted.getFirst().readLine().await();
        });
        IOStream first = connect();
        answerNothing(first);
        IOStream second = connect();
        test.runUntil(() -> accepted.size() == 2);
        test.runUntilIdle();

        first.close();
        second.close();
        test.runUntil(() -> server.connections().isEmpty());
    }

    private void answerNothing(IOStream client) {
        test.runUntil(() -> server.acceptedCount() == 1);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void aCancellationThatIsNotTheServersIsAFailure() {
        log.expect(APPLICATION, Level.ERROR, "handler failed");
        serve(stream -> {
            LoopFuture<String> other = new LoopFuture<>(stream.loop());
            other.cancel();
            other.await();
        });

        assertThat(rest(connect())).isEmpty();
    }

    @Test
    void aPeerThatExceedsALimitIsNoErrorOfTheHandler() {
        log.expect(APPLICATION, Level.INFO, "was closed: more than 3 bytes came");
        serve(stream -> stream.readUntil("\n", 3).await());
        IOStream client = connect();
        client.write("too much\n");

        assertThat(rest(client)).isEmpty();
    }

    @Test
    void aHandlerThatEndsByItsDeadlineIsOneLine() {
        log.expect(APPLICATION, Level.INFO, "was closed: not done within 1 ms: awaited a read of");
        serve(stream -> stream.readUntil("\n").await(Duration.ofMillis(1)));
        IOStream client = connect();

        test.advance(Duration.ofMillis(1));

        assertThat(rest(client)).isEmpty();
        assertThat(log.records())
                .singleElement()
                .satisfies(line -> assertThat(line.thrown()).isNull());
    }

    @Test
    void anAddressInUseIsToldOnce() {
        serve(TcpServerTest::echo);
        SocketAddress used = server.addresses().getFirst();
        TcpServer second = new TcpServer(TcpServerTest::echo).withLoop(test.loop());

        assertThatThrownBy(() -> second.listen(used))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("in use")
                .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
                .containsOnlyOnce(Logs.text(used));
    }

    @Test
    void aSlowHandlerDoesNotHoldUpOthers() {
        LoopFuture<String> never = new LoopFuture<>(test.loop());
        serve(stream -> {
            if (server.acceptedCount() == 1) {
                never.await();
            }
            echo(stream);
        });
        connect();

        assertThat(answer(connect(), "second\n")).isEqualTo("second");
    }

    @Test
    void theCapitaliserAnswersOnce() {
        serve(TcpServerTest::capitalise);

        assertThat(answer(connect(), "abc\n")).isEqualTo("ok\tABC");
        assertThat(answer(connect(), "ABC\n")).isEqualTo("error\talready capitalized");
    }

    private static void capitalise(IOStream stream) {
        String line = stream.readLine().await();
        String upper = line.toUpperCase(Locale.ROOT);
        stream.write(upper.equals(line) ? "error\talready capitalized\n" : "ok\t" + upper + "\n");
    }

    @Test
    void aCallbackKeepsTheStream() {
        List<IOStream> accepted = new ArrayList<>();
        listen(TcpServer.ofCallback(accepted::add));
        IOStream client = connect();
        test.runUntil(() -> !accepted.isEmpty());
        test.runUntilIdle();

        assertThat(accepted.getFirst().isOpen()).isTrue();
        accepted.getFirst().write("later");
        accepted.getFirst().close();
        assertThat(rest(client)).isEqualTo("later");
    }

    @Test
    void aCallbackThatThrowsHasItsStreamClosed() {
        log.expect(APPLICATION, Level.ERROR, "deliberate");
        listen(
                TcpServer.ofCallback(stream -> {
                    throw new IllegalStateException("deliberate");
                }));

        assertThat(rest(connect())).isEmpty();
    }

    /// Who could end the future of a stream's end would have the server count wrongly.
    @Test
    void aCallbackCannotSayThatItsConnectionHasEnded() {
        List<Throwable> refused = new ArrayList<>();
        listen(
                TcpServer.ofCallback(
                                stream -> {
                                    LoopFuture<StreamClosedException> end = stream.closed();
                                    refused.add(
                                            catchThrowable(() -> end.fail(new IOException("x"))));
                                })
                        .withConnectionsMax(1));
        connect();
        IOStream second = connect();

        test.runUntilIdle();

        assertThat(server.acceptedCount()).isEqualTo(1);
        assertThat(refused).hasOnlyElementsOfType(UnsupportedOperationException.class);
        clients.getFirst().close();
        test.runUntil(() -> server.acceptedCount() == 2);
        assertThat(second.isOpen()).isTrue();
    }

    @Test
    void stoppingLeavesConnectionsAlone() {
        serve(TcpServerTest::echo);
        IOStream client = connect();
        answer(client, "before\n");

        server.stop();
        server.stop();

        assertThat(answer(client, "after\n")).isEqualTo("after");
        assertThat(server.addresses()).isEmpty();
    }

    @Test
    void stoppingInAHandlerWhileFortyConnectRefusesTheRest() {
        listen(TcpServer.ofCallback(stream -> server.stop()));
        SocketAddress address = server.addresses().getFirst();
        List<LoopFuture<IOStream>> connects = new ArrayList<>();
        onLoop(() -> {
            for (int i = 0; i < 40; i++) {
                connects.add(TcpClient.connect(address));
            }
            return true;
        });

        test.runUntil(() -> connects.stream().allMatch(LoopFuture::isDone));
        for (LoopFuture<IOStream> each : connects) {
            if (each.state() == State.SUCCESS) {
                clients.add(each.resultNow());
            } else {
                each.observe();
            }
        }

        assertThat(server.acceptedCount()).isBetween(1L, 40L);
    }

    @Test
    void itListensAgainAfterStop() {
        serve(TcpServerTest::echo);
        server.stop();

        onLoop(() -> server.listen(kind.free(folder)));

        assertThat(answer(connect(), "again\n")).isEqualTo("again");
    }

    @Test
    void settingsAreRefusedOnceItListens() {
        serve(TcpServerTest::echo);

        assertThatThrownBy(() -> server.withConnectionsMax(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("withConnectionsMax");
    }

    @Test
    void aNegativeTimeToLingerIsRefused() {
        assertThatThrownBy(
                        () -> new TcpServer(TcpServerTest::echo).withLinger(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-0.000000001S");
    }

    @Test
    void aPortThatThereIsNotIsRefusedWhateverTheHost() {
        TcpServer nowhere = new TcpServer(TcpServerTest::echo).withLoop(test.loop());

        for (String host : List.of("", "127.0.0.1", "unknown.invalid")) {
            assertThatThrownBy(() -> nowhere.listen(host, 65_536))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("65536 is not a port");
        }
    }

    @Test
    void anAddressWhoseHostIsUnknownIsRefusedByName() {
        TcpServer nowhere = new TcpServer(TcpServerTest::echo).withLoop(test.loop());

        assertThatThrownBy(
                        () -> nowhere.listen(InetSocketAddress.createUnresolved("no.invalid", 1)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageEndingWith("no.invalid does not resolve to an address");
    }

    @Test
    void noMoreConnectionsAreServedThanAllowed() {
        listen(new TcpServer(TcpServerTest::echo).withConnectionsMax(2));
        IOStream first = connect();
        answer(first, "1\n");
        answer(connect(), "2\n");
        IOStream third = connect();
        third.write("3\n");
        LoopFuture<String> line = third.readLine();
        test.runUntilIdle();
        assertThat(server.acceptedCount()).isEqualTo(2);

        first.close();
        test.runUntil(line::isDone);

        assertThat(line.resultNow()).isEqualTo("3");
        assertThat(server.connections()).hasSize(2);
    }

    @Test
    void anIdleConnectionIsClosedWhenItsTimeIsUp() {
        listen(new TcpServer(TcpServerTest::echo).withIdleTimeout(Duration.ofMinutes(1)));
        IOStream client = connect();
        test.runUntil(() -> server.acceptedCount() == 1);

        test.advance(Duration.ofMinutes(1).minusNanos(1));
        assertThat(server.connections()).hasSize(1);
        test.advance(Duration.ofNanos(1));

        assertThat(server.connections()).isEmpty();
        assertThat(rest(client)).isEmpty();
    }

    @Test
    void bytesKeepAConnectionFromBeingIdle() {
        listen(new TcpServer(TcpServerTest::echo).withIdleTimeout(Duration.ofMinutes(1)));
        IOStream client = connect();
        test.runUntil(() -> server.acceptedCount() == 1);
        test.advance(Duration.ofSeconds(50));
        answer(client, "still here\n");

        test.advance(Duration.ofMinutes(1).minusNanos(1));
        assertThat(server.connections()).hasSize(1);
        test.advance(Duration.ofNanos(1));

        assertThat(server.connections()).isEmpty();
    }

    @Test
    void aHandlerThatOutlivesItsStreamIsNotIdle() {
        List<String> ends = new ArrayList<>();
        ConnectionHandler handler =
                stream -> {
                    stream.close();
                    Task.sleep(Duration.ofMinutes(2));
                    ends.add("slept well");
                };
        listen(new TcpServer(handler).withIdleTimeout(Duration.ofMinutes(1)));
        connect();
        test.runUntil(() -> server.acceptedCount() == 1);

        test.advance(Duration.ofMinutes(2));

        assertThat(ends).containsExactly("slept well");
    }

    @Test
    void aPeerThatDoesNotEndIsClosedAfterTheLinger() {
        listen(new TcpServer(stream -> stream.write("bye")).withLinger(Duration.ofSeconds(3)));
        IOStream client = connect();
        LoopFuture<byte[]> read = client.readBytes(3);
        test.runUntil(read::isDone);
        // The client reads no further, so its stream does not see the end, and stays open.
        client.readBytes(0);

        test.advance(Duration.ofSeconds(3));

        assertThat(server.connections()).isEmpty();
    }

    @Test
    void shutdownWaitsForHandlers() {
        serve(TcpServerTest::echo);
        IOStream client = connect();
        answer(client, "x\n");
        LoopFuture<List<SocketAddress>> end =
                onLoop(() -> List.of(server.shutdown(MINUTE))).getFirst();
        test.runUntilIdle();
        assertThat(end.isDone()).isFalse();
        assertThat(server.addresses()).isEmpty();

        client.close();
        test.runUntil(end::isDone);

        assertThat(end.resultNow()).isEmpty();
    }

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void shutdownClosesWhatIsOpenWhenTheTimeIsUpAndTellsWhom() {
        List<String> ends = new ArrayList<>();
        serve(stream -> {
            try {
                echo(stream);
            } finally {
                ends.add("handler");
            }
        });
        IOStream client = connect();
        answer(client, "x\n");
        LoopFuture<List<SocketAddress>> end =
                onLoop(() -> List.of(server.shutdown(MINUTE))).getFirst();

        test.advance(MINUTE);
        test.runUntil(end::isDone);

        assertThat(end.resultNow()).containsExactly(client.localAddress());
        assertThat(rest(client)).isEmpty();
        assertThat(ends).containsExactly("handler");
    }

    @Test
    void shutdownWaitsForHandlersWhoseStreamIsClosed() {
        LoopFuture<String> work = new LoopFuture<>(test.loop());
        serve(stream -> {
            stream.close();
            work.await();
        });
        connect();
        test.runUntil(() -> server.acceptedCount() == 1);
        test.runUntilIdle();

        LoopFuture<List<SocketAddress>> end =
                onLoop(() -> List.of(server.shutdown(MINUTE))).getFirst();
        test.runUntilIdle();
        assertThat(end.isDone()).isFalse();
        work.complete("done");
        test.runUntil(end::isDone);

        assertThat(end.resultNow()).isEmpty();
    }

    @Test
    void shutdownMayBeGivenUpAndTriedAgain() {
        serve(TcpServerTest::echo);
        IOStream client = connect();
        answer(client, "x\n");
        LoopFuture<List<SocketAddress>> first =
                onLoop(() -> List.of(server.shutdown(MINUTE))).getFirst();
        test.runUntilIdle();
        first.cancel();
        test.runUntilIdle();
        assertThat(answer(client, "y\n")).isEqualTo("y");

        LoopFuture<List<SocketAddress>> second =
                onLoop(() -> List.of(server.shutdown(MINUTE))).getFirst();
        test.runUntilIdle();
        client.close();
        test.runUntil(second::isDone);

        assertThat(second.resultNow()).isEmpty();
    }

    @Test
    void closingEndsHandlersAtOnce() {
        serve(TcpServerTest::echo);
        IOStream client = connect();
        answer(client, "x\n");

        server.close();
        test.runUntil(() -> test.loop().tasks().isEmpty());

        assertThat(server.connections()).isEmpty();
        assertThat(rest(client)).isEmpty();
    }

    @Test
    void aBurstOfConnectsDoesNotKeepTimersWaiting() {
        List<Long> acceptedAtTick = new ArrayList<>();
        listen(TcpServer.ofCallback(stream -> {}));
        SocketAddress address = server.addresses().getFirst();
        List<LoopFuture<IOStream>> connects = new ArrayList<>();
        onLoop(() -> {
            for (int i = 0; i < 300; i++) {
                connects.add(TcpClient.connect(address));
            }
            tick(acceptedAtTick);
            return true;
        });
        test.runUntil(() -> server.acceptedCount() == 300);
        test.runUntil(() -> connects.stream().allMatch(LoopFuture::isDone));
        connects.forEach(each -> clients.add(each.resultNow()));

        for (int i = 1; i < acceptedAtTick.size(); i++) {
            assertThat(acceptedAtTick.get(i) - acceptedAtTick.get(i - 1)).isLessThanOrEqualTo(128);
        }
    }

    private void tick(List<Long> acceptedAtTick) {
        acceptedAtTick.add(server.acceptedCount());
        if (server.acceptedCount() < 300) {
            test.loop().addCallback(() -> tick(acceptedAtTick));
        }
    }
}

package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.net.ConnectionHandler;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.MemoryTransport;
import dev.gyre.testing.TestLoop;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// What of a stream nobody awaits, and what the log is told of it, in debug mode.
final class UnheardTest {

    private static final String GENERAL = "dev.gyre.general";
    private static final String NOBODY = "nobody awaits that";

    private static IOStream stream(TestLoop test, List<IOStream> peers) {
        MemoryTransport.Pair pair = MemoryTransport.pair();
        peers.add(new IOStream(test.loop(), pair.far()));
        return new IOStream(test.loop(), pair.near());
    }

    private static List<String> told(ExpectLog log) {
        return log.records().stream()
                .map(ExpectLog.Captured::message)
                .filter(message -> message.contains(NOBODY))
                .toList();
    }

    @GyreTest
    void aWriteAfterTheEndIsToldOnceWithWhoHasClosedTheStream(TestLoop test, ExpectLog log) {
        List<IOStream> peers = new ArrayList<>();
        IOStream stream = stream(test, peers);
        stream.close();
        peers.getFirst().close();

        stream.write("too late");
        stream.write("again");
        test.runUntilIdle();

        log.expect(GENERAL, Level.INFO, stream + " was closed on this side; a write came after");
        assertThat(told(log))
                .singleElement()
                .asString()
                .contains("it was closed at", getClass().getName(), "await it, or drain()");
    }

    @GyreTest
    void aWriteAfterTheEndIsToldWithThePeerWhoHasClosed(TestLoop test, ExpectLog log) {
        List<IOStream> peers = new ArrayList<>();
        IOStream stream = stream(test, peers);
        peers.getFirst().close();
        test.runUntilIdle();

        stream.write("too late");
        test.runUntilIdle();

        assertThat(told(log)).singleElement().asString().contains("was ended by its peer");
    }

    @GyreTest
    void whoHearsOfTheEndOtherwiseIsNotToldAgain(TestLoop test, ExpectLog log) {
        List<IOStream> peers = new ArrayList<>();
        IOStream stream = stream(test, peers);
        peers.getFirst().close();
        test.runUntilIdle();

        var writer =
                test.loop()
                        .spawn(
                                "writer",
                                () -> {
                                    stream.write("too late");
                                    stream.drain().await();
                                });
        writer.observe();
        test.runUntilIdle();

        assertThat(told(log)).isEmpty();
    }

    @GyreTest
    void theEndOfTheOutputThatIsAskedForAgainIsNoWrite(TestLoop test, ExpectLog log) {
        List<IOStream> peers = new ArrayList<>();
        IOStream stream = stream(test, peers);
        stream.close();
        peers.getFirst().close();

        stream.shutdownOutput();
        test.runUntilIdle();

        assertThat(told(log)).isEmpty();
    }

    private static void serveOne(TestLoop test, ConnectionHandler handler) {
        TcpServer server = new TcpServer(handler).withLoop(test.loop());
        server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        var client =
                test.loop()
                        .spawn(
                                "client",
                                () -> {
                                    try (var stream =
                                            TcpClient.connect(server.addresses().getFirst())
                                                    .await()) {
                                        stream.readUntilClose().await();
                                    }
                                });
        test.runUntil(() -> client.isDone() && server.connectionCount() == 0);
        server.close();
        test.runUntil(() -> test.loop().tasks().isEmpty());
        test.runUntilIdle();
    }

    @GyreTest
    void aHandlerThatForgetsToAwaitIsTold(TestLoop test, ExpectLog log) {
        serveOne(test, stream -> stream.readUntil("\n"));

        log.expect(GENERAL, Level.INFO, "was closed on this side; 0 bytes had come of a read");
        assertThat(told(log))
                .singleElement()
                .asString()
                .contains("await it, for a connection's handler that returns ends");
    }

    @GyreTest
    void aHandlerWhoseTaskWritesAfterItsReturnIsTold(TestLoop test, ExpectLog log) {
        serveOne(
                test,
                stream -> test.loop().spawn("late", () -> stream.write("the handler is over")));

        assertThat(told(log)).singleElement().asString().contains("shut down before a write");
    }

    @GyreTest
    void aReadThatSomebodyAwaitsIsNotTold(TestLoop test, ExpectLog log) {
        List<IOStream> peers = new ArrayList<>();
        IOStream stream = stream(test, peers);
        test.loop().spawn("reader", () -> stream.readLine().await()).observe();
        test.runUntilIdle();

        stream.close();
        peers.getFirst().close();
        test.runUntilIdle();

        assertThat(told(log)).isEmpty();
    }

    @GyreTest
    void aReadWithAListenerIsNotTold(TestLoop test, ExpectLog log) {
        List<IOStream> peers = new ArrayList<>();
        IOStream stream = stream(test, peers);
        stream.readLine().onDone(line -> {}, failure -> {});

        stream.close();
        peers.getFirst().close();
        test.runUntilIdle();

        assertThat(told(log)).isEmpty();
    }
}

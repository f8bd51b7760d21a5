package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.Task;
import dev.gyre.net.ConnectionHandler;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// An address that a server gives up: free in the same turn, and nobody is taken there any more.
@ParameterizedClass
@EnumSource
@Timeout(30)
final class ListenAgainTest {

    @Parameter ServerAddress kind;

    private final TestLoop test = new TestLoop();
    private final List<TcpServer> servers = new ArrayList<>();
    private final List<IOStream> clients = new ArrayList<>();
    private Path folder;
    private TcpServer server;
    private SocketAddress address;

    @BeforeEach
    void listen() throws IOException {
        folder = ServerAddress.newFolder();
        server = server(ListenAgainTest::echo);
        onLoop(() -> server.listen(kind.free(folder)));
        address = server.addresses().getFirst();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        clients.forEach(IOStream::close);
        servers.forEach(TcpServer::close);
        test.runUntilIdle();
        assertThat(test.leftovers()).isEmpty();
        assertThat(test.loop().tasks()).isEmpty();
        test.close();
        assertThat(folder).isEmptyDirectory();
        Files.delete(folder);
    }

    private TcpServer server(ConnectionHandler handler) {
        TcpServer made = new TcpServer(handler);
        servers.add(made);
        return made;
    }

    private static void echo(IOStream stream) {
        while (true) {
            stream.write(stream.readUntil("\n").await());
        }
    }

    private static void greet(IOStream stream) {
        stream.write("another server\n");
        stream.readUntilClose().await();
    }

    /// Runs what does not await in one turn.
    private <T> T onLoop(Callable<T> body) {
        Task<T> task = test.loop().spawn("test", body);
        test.runUntil(task::isDone);
        return task.resultNow();
    }

    private IOStream connect() {
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

    @Test
    void theServerListensAgainInTheTurnOfItsStop() {
        onLoop(() -> {
            server.stop();
            return server.listen(address);
        });

        assertThat(server.addresses()).containsExactly(address);
        assertThat(answer(connect(), "again\n")).isEqualTo("again");
    }

    @Test
    void theServerListensAgainAsOftenAsItLikes() {
        onLoop(() -> {
            for (int i = 0; i < 10; i++) {
                server.stop();
                server.listen(address);
            }
            return true;
        });

        assertThat(answer(connect(), "again\n")).isEqualTo("again");
    }

    @Test
    void anotherServerListensInTheTurnOfTheClose() {
        TcpServer another = server(ListenAgainTest::greet);

        onLoop(() -> {
            server.close();
            return another.listen(address);
        });

        IOStream client = connect();
        assertThat(onLoop(() -> client.readLine().await())).isEqualTo("another server");
    }

    @Test
    void anotherServerListensWhileTheConnectionsOfTheFirstGoOn() {
        TcpServer another = server(ListenAgainTest::greet);
        IOStream early = connect();
        answer(early, "before\n");

        onLoop(() -> {
            server.stop();
            return another.listen(address);
        });

        IOStream late = connect();
        assertThat(onLoop(() -> late.readLine().await())).isEqualTo("another server");
        assertThat(answer(early, "after\n")).isEqualTo("after");
    }

    @Test
    void anotherServerListensInTheTurnInWhichTheConnectionsAreClosed() {
        TcpServer another = server(ListenAgainTest::greet);
        answer(connect(), "before\n");

        onLoop(() -> {
            server.close();
            return another.listen(address);
        });

        IOStream late = connect();
        assertThat(onLoop(() -> late.readLine().await())).isEqualTo("another server");
    }

    @Test
    void aServerThatIsFullListensAgainAndIsFullStill() {
        TcpServer small = server(ListenAgainTest::echo).withConnectionsMax(1);
        onLoop(() -> {
            server.stop();
            return small.listen(address);
        });
        IOStream first = connect();
        answer(first, "hello\n");

        onLoop(() -> {
            small.stop();
            return small.listen(address);
        });

        IOStream second = connect();
        test.runUntilIdle();
        assertThat(small.acceptedCount()).isEqualTo(1);
        first.close();
        assertThat(answer(second, "my turn\n")).isEqualTo("my turn");
    }

    /// By a client that does not wait, since that were the end of the turn: on loopback the kernel
    /// answers at once.
    @Test
    void whoConnectsInTheTurnOfTheStopIsRefused() {
        onLoop(() -> {
            server.stop();
            assertThatThrownBy(this::connectNow).isInstanceOf(SocketException.class);
            return true;
        });

        assertThat(server.acceptedCount()).isZero();
    }

    private boolean connectNow() throws IOException {
        try (SocketChannel client = SocketChannel.open(kind.family())) {
            client.configureBlocking(false);
            return client.connect(address) || client.finishConnect();
        }
    }

    @Test
    void whoWaitsToBeAcceptedIsNotPassedOnToTheNextListener() throws IOException {
        TcpServer another = server(ListenAgainTest::greet);
        try (SocketChannel waiting = SocketChannel.open(address)) {
            onLoop(() -> {
                server.stop();
                return another.listen(address);
            });

            assertThat(isEnded(waiting)).isTrue();
        }
        test.runUntilIdle();
        assertThat(server.acceptedCount() + another.acceptedCount()).isZero();
    }

    private static boolean isEnded(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException e) {
            // A reset is an end, too.
            return true;
        }
    }
}

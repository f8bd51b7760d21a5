package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Task;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.concurrent.Callable;

/// Clients of the demo `redis` that do not read what they are sent.
final class RedisSlowReaderTest {

    private static final String MESSAGE = "x".repeat(500_000);

    private static <T> T onLoop(TestLoop test, Callable<T> body) {
        Task<T> task = test.loop().spawn("test", body);
        test.runUntil(task::isDone);
        return task.resultNow();
    }

    private static TcpServer serve(TestLoop test) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return onLoop(test, () -> Redis.server(test.loop()).listen(address));
    }

    private static IOStream connect(TestLoop test, TcpServer server) {
        return onLoop(test, () -> TcpClient.connect(server.addresses().getFirst()).await());
    }

    private static String answer(TestLoop test, IOStream client, String question) {
        return onLoop(
                test,
                () -> {
                    client.write(question + "\r\n");
                    return client.readLine().await();
                });
    }

    private static void end(TestLoop test, TcpServer server) {
        server.close();
        test.runUntil(() -> test.loop().tasks().isEmpty());
    }

    private static void expectOneCutOff(ExpectLog log) {
        log.expect("dev.gyre.application", Level.INFO, "was cut off: it does not read");
    }

    @GyreTest
    void whoseAnswerHasNoRoomIsCutOffAndToldOnce(TestLoop test, ExpectLog log) {
        expectOneCutOff(log);
        try (TcpServer server = serve(test);
                IOStream deaf = connect(test, server);
                IOStream speaker = connect(test, server)) {
            answer(test, deaf, "SUBSCRIBE news");
            IOStream ofDeaf = server.connections().getFirst();
            while (ofDeaf.bytesQueued() < StreamOptions.WRITE_QUEUE_BYTES_MAX) {
                assertThat(answer(test, speaker, publish())).isEqualTo(":1");
            }
            assertThat(ofDeaf.isOpen()).isTrue();

            deaf.write("PING\r\nPING\r\n");
            test.runUntil(() -> server.connectionCount() == 1);

            assertThat(answer(test, speaker, "PING")).isEqualTo("+PONG");
            assertThat(answer(test, speaker, publish())).isEqualTo(":0");
            end(test, server);
        }
    }

    @GyreTest
    void whoDoesNotReadWhatIsPublishedIsCutOffAndHoldsUpNobody(TestLoop test, ExpectLog log) {
        expectOneCutOff(log);
        try (TcpServer server = serve(test);
                IOStream deaf = connect(test, server);
                IOStream speaker = connect(test, server)) {
            answer(test, deaf, "SUBSCRIBE news");

            while (server.connectionCount() == 2) {
                assertThat(answer(test, speaker, publish())).isEqualTo(":1");
            }

            assertThat(answer(test, speaker, "PING")).isEqualTo("+PONG");
            end(test, server);
        }
    }

    @GyreTest
    void whoSubscribesToMoreThanItCouldBeToldIsCutOffOnce(TestLoop test, ExpectLog log) {
        expectOneCutOff(log);
        // So many channels make twice the bytes that may wait, and what the kernel keeps: it may
        // hold megabytes for a peer.
        int count = 600_000;
        try (TcpServer server = serve(test);
                IOStream greedy = connect(test, server);
                IOStream other = connect(test, server)) {
            greedy.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            greedy.write("*" + (count + 1) + "\r\n$9\r\nSUBSCRIBE\r\n").observe();
            greedy.write("$1\r\na\r\n".repeat(count)).observe();
            test.runUntil(() -> server.connectionCount() == 1);

            assertThat(answer(test, other, "PUBLISH a hello")).isEqualTo(":0");
            end(test, server);
        }
    }

    private static String publish() {
        return "*3\r\n$7\r\nPUBLISH\r\n$4\r\nnews\r\n$%d\r\n%s"
                .formatted(MESSAGE.length(), MESSAGE);
    }
}

package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.TcpServer;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The demos that are a protocol on a stream, over real sockets.
@SuppressWarnings("StringConcatToTextBlock") // The lines end with a carriage return.
final class StreamDemosTest {

    private static RunningDemo<TcpDemo> start(BiFunction<IOLoop, PrintStream, TcpServer> server)
            throws Exception {
        return new RunningDemo<>(
                (loop, out) -> new TcpDemo(server.apply(loop, out).withLoop(loop)));
    }

    @ParameterizedTest
    @EnumSource
    void lineEchoSendsLinesBack(Feed feed) throws Exception {
        try (var demo = start((_, _) -> LineEcho.server());
                Client client = demo.connect()) {
            feed.send(client, "one\ntwo\r\n\nfour\nno end");
            client.shutdownOutput();

            assertThat(client.receiveToEnd()).isEqualTo("one\ntwo\r\n\nfour\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void sentinelEchoEndsAtTheSentinelAlone(Feed feed) throws Exception {
        try (var demo = start((_, out) -> SentinelEcho.server(out));
                Client client = demo.connect()) {
            feed.send(client, "hi dude! that is all!whats up! that is all!that is all!");

            assertThat(client.receiveToEnd())
                    .isEqualTo("hi dude! that is all!whats up! that is all!");
            assertThat(demo.transcript().nextLine())
                    .isEqualTo("data recieved:  hi dude! that is all!");
            assertThat(demo.transcript().nextLine())
                    .isEqualTo("data recieved:  whats up! that is all!");
            assertThat(demo.transcript().nextLine()).isEqualTo("no more messages");
        }
    }

    @ParameterizedTest
    @EnumSource
    void redisAnswersCommandsInEitherForm(Feed feed) throws Exception {
        try (var demo = start((loop, _) -> Redis.server(loop));
                Client client = demo.connect()) {
            feed.send(
                    client,
                    "PING\r\n"
                            + "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\n"
                            + "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"
                            + "INCR n\r\nINCR n\r\nINCR k\r\n"
                            + "LPUSH l a b c\r\nLRANGE l 0 -2\r\nGET l\r\n"
                            + "SET t x EX 100\r\nTTL t\r\nTTL k\r\nTTL none\r\n"
                            + "EXPIRE k 0\r\nGET k\r\nDEL l n none\r\nNONSENSE\r\nGET\r\n"
                            + "QUIT\r\n");

            assertThat(client.receiveToEnd())
                    .isEqualTo(
                            "+PONG\r\n+OK\r\n$4\r\na\r\nb\r\n:1\r\n:2\r\n"
                                    + "-ERR value is not an integer or out of range\r\n"
                                    + ":3\r\n*2\r\n$1\r\nc\r\n$1\r\nb\r\n"
                                    + "-WRONGTYPE Operation against a key holding the wrong kind"
                                    + " of value\r\n"
                                    + "+OK\r\n:100\r\n:-1\r\n:-2\r\n:1\r\n$-1\r\n:2\r\n"
                                    + "-ERR unknown command 'nonsense'\r\n"
                                    + "-ERR wrong number of arguments for 'get' command\r\n"
                                    + "+OK\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SET k v EX, ERR syntax error",
        "SET k v NX BAD, ERR syntax error",
        "SET k v NX XX, ERR syntax error",
        "SET k v EX 1 PX 1, ERR syntax error",
        "SET k v EX abc, ERR value is not an integer or out of range",
        "SET k v EX 0, ERR invalid expire time in 'set' command",
        "SET k v EX 9223372036854775807, ERR invalid expire time in 'set' command",
        "EXPIRE k 9223372036854775807, ERR invalid expire time in 'expire' command",
        "'LRANGE k 0 x', ERR value is not an integer or out of range",
    })
    void redisRefusesACommandInTheWordsOfRedisAndObeysNoneOfIt(String command, String answer)
            throws Exception {
        try (var demo = start((loop, _) -> Redis.server(loop));
                Client client = demo.connect()) {
            client.send("SET k old\r\n" + command + "\r\nGET k\r\nQUIT\r\n");

            assertThat(client.receiveToEnd())
                    .isEqualTo("+OK\r\n-" + answer + "\r\n$3\r\nold\r\n+OK\r\n");
        }
    }

    @Test
    void redisPassesOnWhatIsPublished() throws Exception {
        try (var demo = start((loop, _) -> Redis.server(loop));
                Client listener = demo.connect();
                Client speaker = demo.connect()) {
            listener.send("SUBSCRIBE news\r\n");
            assertThat(listener.receive(33))
                    .isEqualTo("*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");

            speaker.send("PUBLISH news hello\r\nPUBLISH sport goal\r\n");

            assertThat(speaker.receive(8)).isEqualTo(":1\r\n:0\r\n");
            assertThat(listener.receive(38))
                    .isEqualTo("*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n");
        }
    }

    @Test
    void redisAnswersASubscriptionToNothing() throws Exception {
        try (var demo = start((loop, _) -> Redis.server(loop));
                Client client = demo.connect()) {
            client.send("SUBSCRIBE\r\nQUIT\r\n");

            assertThat(client.receiveToEnd())
                    .isEqualTo("-ERR wrong number of arguments for 'subscribe' command\r\n+OK\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void redisTellsWhatBreaksTheProtocolAndCloses(Feed feed) throws Exception {
        try (var demo = start((loop, _) -> Redis.server(loop));
                Client client = demo.connect()) {
            feed.send(client, "*1\r\n#3\r\n");

            assertThat(client.receiveToEnd())
                    .isEqualTo("-ERR Protocol error: expected '$', got '#'\r\n");
        }
    }

    @Test
    void redisHoldsNoRequestWithoutBound() throws Exception {
        String word = "$1000000\r\n" + "x".repeat(1_000_000) + "\r\n";
        try (var demo = start((loop, _) -> Redis.server(loop));
                Client client = demo.connect()) {
            // The last is announced only: whatever is not read would turn the end into a reset.
            client.send("*17\r\n" + word.repeat(16) + "$1000000\r\n");

            assertThat(client.receiveToEnd())
                    .isEqualTo("-ERR Protocol error: too big multibulk request\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theProxyPassesOnBothWaysAndTheEndOfEach(Feed feed) throws Exception {
        try (var echo = start((_, _) -> LineEcho.server());
                var proxy = proxyTo(echo.address());
                Client client = proxy.connect()) {
            feed.send(client, "one\ntwo\n");
            assertThat(client.receive(8)).isEqualTo("one\ntwo\n");

            client.shutdownOutput();

            assertThat(client.receiveToEnd()).isEmpty();
        }
    }

    @Test
    void theProxyPassesOnAReset() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var proxy = proxyTo((InetSocketAddress) server.getLocalSocketAddress());
                Client client = proxy.connect()) {
            Socket accepted = server.accept();
            accepted.getOutputStream().write('x');
            assertThat(client.receive(1)).isEqualTo("x");

            accepted.setSoLinger(true, 0);
            accepted.close();

            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(client::receiveToEnd)
                    .withMessageContaining("reset");
        }
    }

    @Test
    void theProxyClosesWhenItsServerCannotBeReached() throws Exception {
        InetSocketAddress nobody;
        try (var echo = start((_, _) -> LineEcho.server())) {
            nobody = echo.address();
        }

        try (var proxy = proxyTo(nobody);
                Client client = proxy.connect()) {
            assertThat(client.receiveToEnd()).isEmpty();
            assertThat(proxy.transcript().nextLine()).contains("cannot connect to");
        }
    }

    private static RunningDemo<TcpDemo> proxyTo(InetSocketAddress target) throws Exception {
        return start((_, out) -> new TcpProxy(target, out).server());
    }
}

package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The demo `redis` over real sockets. What it answers is what redis-server 7.0 answers.
@SuppressWarnings("StringConcatToTextBlock") // The lines end with a carriage return.
final class RedisTest {

    private static RunningDemo<TcpDemo> start() throws Exception {
        return new RunningDemo<>((loop, _) -> new TcpDemo(Redis.server(loop).withLoop(loop)));
    }

    /// Returns what a client is told that sends lines, apart from the farewell.
    private static String answers(String... lines) throws Exception {
        try (var demo = start();
                Client client = demo.connect()) {
            client.send(String.join("\r\n", lines) + "\r\nQUIT\r\n");
            String answers = client.receiveToEnd();
            assertThat(answers).endsWith("+OK\r\n");
            return answers.substring(0, answers.length() - 5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersCommandsInEitherForm(Feed feed) throws Exception {
        try (var demo = start();
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
                                    + "-ERR unknown command 'NONSENSE', with args beginning with:"
                                    + " \r\n"
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
        "LRANGE k 0 x, ERR value is not an integer or out of range",
        "LRANGE k 0 +1, ERR value is not an integer or out of range",
        "EXPIRE k +5, ERR value is not an integer or out of range",
        "EXPIRE k x SOON, ERR Unsupported option SOON",
        "EXPIRE k 1 nx xx,"
                + " 'ERR NX and XX, GT or LT options at the same time are not compatible'",
        "EXPIRE k 1 GT LT, ERR GT and LT options at the same time are not compatible",
        "foo a \"b c\", 'ERR unknown command ''foo'', with args beginning with: ''a'' ''b c'' '",
    })
    void refusesACommandInTheWordsOfRedisAndObeysNoneOfIt(String command, String answer)
            throws Exception {
        try (var demo = start();
                Client client = demo.connect()) {
            client.send("SET k old\r\n" + command + "\r\nGET k\r\nQUIT\r\n");

            assertThat(client.receiveToEnd())
                    .isEqualTo("+OK\r\n-" + answer + "\r\n$3\r\nold\r\n+OK\r\n");
        }
    }

    @Test
    void passesOnWhatIsPublished() throws Exception {
        try (var demo = start();
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
    void answersASubscriptionToNothing() throws Exception {
        try (var demo = start();
                Client client = demo.connect()) {
            client.send("SUBSCRIBE\r\nQUIT\r\n");

            assertThat(client.receiveToEnd())
                    .isEqualTo("-ERR wrong number of arguments for 'subscribe' command\r\n+OK\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhatBreaksTheProtocolAndCloses(Feed feed) throws Exception {
        try (var demo = start();
                Client client = demo.connect()) {
            feed.send(client, "*1\r\n#3\r\n");

            assertThat(client.receiveToEnd())
                    .isEqualTo("-ERR Protocol error: expected '$', got '#'\r\n");
        }
    }

    @Test
    void holdsNoRequestWithoutBound() throws Exception {
        String word = "$1000000\r\n" + "x".repeat(1_000_000) + "\r\n";
        try (var demo = start();
                Client client = demo.connect()) {
            // The last word is announced only: bytes that are not read would turn the end into a
            // reset.
            client.send("*17\r\n" + word.repeat(16) + "$1000000\r\n");

            assertThat(client.receiveToEnd())
                    .isEqualTo("-ERR Protocol error: too big multibulk request\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"a b\" | a b",
                "'a b' | a b",
                "\"it's\" | it's",
                "'say \"hi\"' | say \"hi\"",
                "'it\\'s \\n' | it's \\n",
                "\"\\x41\\\"\\q\\\\\" | A\"q\\",
                "\"\\xzz\" | xzz",
                "\"\\x4\" | x4",
                "a\"b c\" | ab c",
                "\"\" | ``",
            })
    void wordsInQuotesAreOne(String typed, String meant) throws Exception {
        assertThat(answers("ECHO " + typed))
                .isEqualTo("$" + meant.length() + "\r\n" + meant + "\r\n");
    }

    @Test
    void aBackslashInDoubleQuotesStandsForWhatCannotBeTyped() throws Exception {
        assertThat(answers("ECHO \"\\n\\r\\t\\b\\a\\xfF\""))
                .isEqualTo("$6\r\n\n\r\t\b\u0007\u00ff\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a b", "'a b", "\"a\"b", "'a'b", "\"a\\", "a\"b c\"d"})
    void aQuoteWithoutItsEndBreaksTheProtocol(String typed) throws Exception {
        try (var demo = start();
                Client client = demo.connect()) {
            client.send("ECHO " + typed + "\r\n");

            assertThat(client.receiveToEnd())
                    .isEqualTo("-ERR Protocol error: unbalanced quotes in request\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+5", "05", "-0", "\" 5\"", "\"\"", "5x", "9223372036854775808"})
    void whatIsNotWrittenAsANumberIsNotIncremented(String text) throws Exception {
        assertThat(answers("SET n " + text, "INCR n"))
                .isEqualTo("+OK\r\n-ERR value is not an integer or out of range\r\n");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-7, -6", "-1, 0", "9223372036854775806, 9223372036854775807"})
    void aNumberIsIncremented(String text, String next) throws Exception {
        assertThat(answers("SET n " + text, "INCR n")).isEqualTo("+OK\r\n:" + next + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        // A key that lives on; one with 100 seconds left.
        "k, 50, NX, 1",
        "k, 50, XX, 0",
        "k, 50, GT, 0",
        "k, 50, LT, 1",
        "t, 50, nx, 0",
        "t, 50, xx, 1",
        "t, 50, GT, 0",
        "t, 200, GT, 1",
        "t, 50, LT, 1",
        "t, 200, LT, 0",
        "t, 50, XX GT, 0",
        "t, 200, XX GT, 1",
        "t, 50, XX XX, 1",
        "t, -1, GT, 0",
        "none, 50, NX, 0",
    })
    void expireHeedsItsConditions(String key, int seconds, String options, int changed)
            throws Exception {
        String expire = "EXPIRE %s %d %s".formatted(key, seconds, options);

        assertThat(answers("SET k v", "SET t v EX 100", expire, "TTL " + key))
                .startsWith("+OK\r\n+OK\r\n:" + changed + "\r\n")
                .endsWith(changed == 1 ? ":" + seconds + "\r\n" : unchanged(key));
    }

    private static String unchanged(String key) {
        return switch (key) {
            case "k" -> ":-1\r\n";
            case "t" -> ":100\r\n";
            default -> ":-2\r\n";
        };
    }

    @Test
    void whatIsQuotedOfAnUnknownCommandHasABound() throws Exception {
        String name = "f".repeat(200);
        String word = "b".repeat(40);

        assertThat(answers(name, "foo " + "a".repeat(200), "foo" + (" " + word).repeat(6)))
                .isEqualTo(
                        "-ERR unknown command '%s', with args beginning with: \r\n"
                                        .formatted(name.substring(0, 128))
                                + "-ERR unknown command 'foo', with args beginning with: '%s' \r\n"
                                        .formatted("a".repeat(128))
                                + "-ERR unknown command 'foo', with args beginning with: %s\r\n"
                                        .formatted(("'" + word + "' ").repeat(3)));
    }
}

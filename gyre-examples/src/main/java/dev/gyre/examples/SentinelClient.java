package dev.gyre.examples;

import dev.gyre.loop.Task;
import dev.gyre.net.TcpClient;
import dev.gyre.stream.IOStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;

/// The client of [SentinelEcho]: says two things, prints their echo, and says goodbye.
final class SentinelClient {

    static final Setting<InetSocketAddress> SERVER =
            Setting.server("--server", "The server to talk to.", "localhost", 8000);

    static final Setting<Duration> PAUSE =
            Setting.seconds(
                    "--pause",
                    "How many seconds to stay after the goodbye.",
                    Duration.ofSeconds(2),
                    Duration.ofMillis(1));

    private static final int ECHO_BYTES_MAX = 1024;

    private SentinelClient() {}

    static int run(Settings given, PrintStream out, PrintStream err) {
        InetSocketAddress server = given.get(SERVER);
        try (IOStream stream =
                TcpClient.connect(server.getHostString(), server.getPort()).await()) {
            for (String words : List.of("hi dude! ", "whats up! ")) {
                stream.write(words + SentinelEcho.SENTINEL);
                byte[] echo = stream.readSome(ECHO_BYTES_MAX).await();
                out.println(new String(echo, StandardCharsets.UTF_8));
            }
            stream.write(SentinelEcho.SENTINEL).await();
            Task.sleep(given.get(PAUSE));
            return CommandLine.ExitCode.OK;
        } catch (UncheckedIOException e) {
            err.println("sentinel-client: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }
}

package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What the demo does, under the carrier; [ProgramProcessTest] has the other mechanism.
@Timeout(60)
final class BlockingIsFineTest {

    /// The logger of the watchdog, whose report of the file read is expected.
    private static final Logger GENERAL = Logger.getLogger("dev.gyre.general");

    @BeforeEach
    void mute() {
        GENERAL.setUseParentHandlers(false);
    }

    @AfterEach
    void unmute() {
        GENERAL.setUseParentHandlers(true);
    }

    private static List<String> run(Duration pause) {
        var out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        try (IOLoop loop = new IOLoop()) {
            int status = loop.runSync(() -> new BlockingIsFine(stream, pause).run());
            assertThat(status).isZero();
            assertThat(loop.tasks()).isEmpty();
        }
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void makesAllCallsAndSaysWhatTheyDid() {
        List<String> lines = run(Duration.ofMillis(200));

        assertThat(lines)
                .filteredOn(line -> line.matches(".* \\d+ ms +\\d+ ms"))
                .extracting(line -> line.substring(0, 32).strip())
                .containsExactly(
                        "Socket, InputStream.read",
                        "HttpURLConnection",
                        "BlockingQueue.take",
                        "CompletableFuture.get",
                        "Files.readString",
                        "loop.runInExecutor");
        assertThat(lines)
                .contains(
                        "One coroutine makes calls that block for 0.2 s,"
                                + " another ticks every 50 ms.",
                        "Coroutines: " + IOLoop.coroutines(),
                        "None of them held up the loop: each suspended its coroutine alone.");
    }
}

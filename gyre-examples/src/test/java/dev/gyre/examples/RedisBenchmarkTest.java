package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Redis's own load generator, which checks each answer, against the demo. Skipped where it is not
/// installed.
@Timeout(120)
final class RedisBenchmarkTest {

    private static final String PROGRAM = "redis-benchmark";

    private static final long SECONDS_MAX = 60;

    @BeforeAll
    static void assumeInstalled() {
        boolean isThere =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
        assumeTrue(isThere, PROGRAM + " is not installed");
    }

    @ParameterizedTest
    @CsvSource({"1, 20000", "16, 100000"})
    void allItsCommandsAreAnsweredWithoutAnError(int pipelined, int requests) throws Exception {
        try (GyreProcess demo = GyreProcess.start("demo", "redis", "--port", "0")) {
            int port = demo.listening("redis").getPort();

            String report =
                    run(
                            "-p " + port,
                            "-P " + pipelined,
                            "-n " + requests,
                            "-t ping,set,get,incr,lpush,lrange_100");

            assertThat(report).doesNotContainIgnoringCase("error", "failed");
            assertThat(report.lines().filter(line -> line.contains("requests per second")))
                    .hasSize(8);
        }
    }

    private static String run(String... options) throws Exception {
        String command = PROGRAM + " -q " + String.join(" ", options);
        Process process =
                new ProcessBuilder(command.split(" ", -1))
                        .redirectErrorStream(true)
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .start();
        String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
        assertThat(ended && process.exitValue() == 0).as(report).isTrue();
        return report;
    }
}

package dev.gyre.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A soak in a process of its own, which gets what Ctrl-C sends.
@EnabledOnOs(OS.LINUX)
@Timeout(120)
final class InterruptedSoakTest {

    @TempDir private Path folder;

    private Process start() throws Exception {
        // Whoever runs this may ignore the signal, as background jobs of a script do.
        return new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Soak.class.getName(),
                        "--minutes=2",
                        "--guests=8",
                        "--seed=42",
                        "--page=" + folder.resolve("page.html"))
                .redirectErrorStream(true)
                .start();
    }

    /// A terminal sends the signal to the process and to all that it has started. Each shell has a
    /// `kill` of its own, and not each machine has a program of that name.
    private static void interrupt(Process soak) throws Exception {
        for (ProcessHandle each :
                Stream.concat(soak.descendants(), Stream.of(soak.toHandle())).toList()) {
            new ProcessBuilder("sh", "-c", "kill -INT " + each.pid()).start().waitFor();
        }
    }

    @Test
    void theTimeThatItRanHasItsSummaryAndItsPage() throws Exception {
        Process soak = start();
        try (BufferedReader lines = soak.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("0:02 of 2:00: ")) {
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
            interrupt(soak);
            List<String> rest = lines.lines().toList();

            assertThat(rest.subList(0, 2))
                    .anyMatch(each -> each.startsWith("gyre soak: interrupted, and waits "));
            assertThat(rest)
                    .anyMatch(each ->
                            each.startsWith("seed 42, interrupted after 0.0 of 2.0 minutes"))
                    .contains(
                            "memory and descriptors: too short to tell whether they stay flat",
                            "All was well until the interrupt.");
            assertThat(soak.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(soak.exitValue()).isEqualTo(130);
            assertThat(Files.readString(folder.resolve("page.html")))
                    .contains("<svg", "interrupted after")
                    .doesNotContain("NaN", "Infinity", "Shaded");
        } finally {
            soak.destroyForcibly().waitFor();
        }
    }
}

package dev.gyre.verify.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FuzzLogTest {

    private static final String BEGINNING =
            """
            INFO: seed corpus: files: 40 min: 3b max: 1634b total: 22343b rss: 533Mb
            #41\tINITED cov: 193 ft: 314 corp: 35/19Kb exec/s: 20 rss: 533Mb
            #1024\tpulse  cov: 193 ft: 314 corp: 35/19Kb lim: 1634 exec/s: 204 rss: 533Mb
            #1500\tNEW    cov: 194 ft: 315 corp: 36/19Kb lim: 1634 exec/s: 210 rss: 533Mb
            """;

    @TempDir private Path folder;

    @Test
    void theInputsAreThoseOfTheLastLineThatCounts() throws IOException {
        FuzzLog log = log(BEGINNING);

        assertThat(log.inputs()).isEqualTo(1500);
    }

    @Test
    void theEndCountsThemAll() throws IOException {
        FuzzLog log = log(BEGINNING + "Done 2048 runs in 21 second(s)\n");

        assertThat(log.inputs()).isEqualTo(2048);
        assertThat(log.finding()).isEmpty();
        assertThat(log.failure()).isEmpty();
    }

    @Test
    void aFileThatIsNotThereYetHasNone() throws IOException {
        assertThat(FuzzLog.read(folder.resolve("none")).inputs()).isZero();
    }

    @Test
    void aFailureIsToldWithItsInput() throws IOException {
        FuzzLog log =
                log(
                        BEGINNING
                                + "artifact_prefix='/a/'; Test unit written to /a/crash-1\n"
                                + "failed: Fuzzing...: expected \033\n"
                                + "\tat dev.gyre.stream.Input.read(Input.java:1)\n"
                                + "\tat java.base/java.util.List.get(List.java:1)\n");

        assertThat(log.finding()).isEqualTo("/a/crash-1");
        assertThat(log.failure())
                .containsExactly(
                        "Fuzzing...: expected ?",
                        "    at dev.gyre.stream.Input.read(Input.java:1)");
    }

    private FuzzLog log(String text) throws IOException {
        return FuzzLog.read(Files.writeString(folder.resolve("log"), text));
    }
}

package dev.gyre.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A bench in a process of its own that is told to end.
@EnabledOnOs(OS.LINUX)
// A read of a pipe cannot be interrupted.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InterruptedBenchTest {

    /// So many files to remove take the bench longer than to start its next server.
    private static final int FILES = 20_000;

    @TempDir private Path folder;

    private Process start() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ProcessBench.class.getName(),
                        "--scenario=line-echo-1",
                        "--subject=floor",
                        "--rounds=1000",
                        "--warm-up=0.01",
                        "--seconds=0.01",
                        "--page=" + folder.resolve("page.html"))
                .redirectErrorStream(true)
                .start();
    }

    /// The servers' command lines name a file that is in the folder. The class comes after the
    /// class path, too late for the 4,096 bytes that the JDK reads.
    private List<ProcessHandle> servers() {
        return ProcessHandle.allProcesses()
                .filter(each -> each.info().commandLine().orElse("").contains(folder.toString()))
                .toList();
    }

    @Test
    void noServerOutlivesIt() throws Exception {
        Process bench = start();
        try (BufferedReader lines = bench.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("line-echo-1, round 2 ")) {
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
            clutter();
            // Process.destroy would close the output of the bench before it was read.
            bench.toHandle().destroy();
            List<String> rest = lines.lines().toList();

            assertThat(bench.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(bench.exitValue()).isEqualTo(143);
            assertThat(rest).noneMatch(each -> each.contains("Shutdown in progress"));
            assertThat(servers())
                    .allSatisfy(each ->
                            assertThat(each.onExit()).succeedsWithin(Duration.ofSeconds(10)));
            assertThat(folder.resolve("page.html")).doesNotExist();
            assertThat(folder).isEmptyDirectory();
        } finally {
            bench.destroyForcibly().waitFor();
            servers().forEach(ProcessHandle::destroyForcibly);
        }
    }

    private void clutter() throws Exception {
        try (Stream<Path> inside = Files.list(folder)) {
            Path site = inside.filter(Files::isDirectory).findFirst().orElseThrow();
            for (int i = 0; i < FILES; i++) {
                Files.createFile(site.resolve("clutter-" + i));
            }
        }
    }
}

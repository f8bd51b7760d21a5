package dev.gyre.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// The CPU time of a process, user and system.
///
/// Linux counts nanoseconds for each thread, and forgets a thread that has ended. So of those, for
/// one compilers that a JVM needs no more, counts what they had used when the clock was looked at
/// last; it never goes backwards. Elsewhere, and without these counts, it is what the JDK knows, as
/// finely as it does. One thread at a time.
final class CpuClock {

    private static final boolean COUNTS_THREADS = Files.exists(Path.of("/proc/self/schedstat"));

    private final ProcessHandle process;
    private final Path tasks;

    /// What each thread that was alive at the last look had used.
    private Map<Path, Long> threads = Map.of();

    /// What the threads had used that have ended.
    private long endedNanos;

    CpuClock(ProcessHandle process) {
        this.process = process;
        this.tasks = Path.of("/proc", Long.toString(process.pid()), "task");
    }

    /// Returns how much CPU time the process has used so far, in nanoseconds.
    long nanos() throws IOException {
        if (!COUNTS_THREADS) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
        }
        Map<Path, Long> alive = look();
        threads.forEach((thread, nanos) -> {
            // A figure that is less than before is that of another thread with the same number.
            if (alive.getOrDefault(thread, 0L) < nanos) {
                endedNanos += nanos;
            }
        });
        threads = alive;
        return endedNanos + alive.values().stream().mapToLong(Long::longValue).sum();
    }

    private Map<Path, Long> look() throws IOException {
        Map<Path, Long> nanos = new HashMap<>();
        try (DirectoryStream<Path> directory = Files.newDirectoryStream(tasks)) {
            for (Path thread : directory) {
                nanos.put(thread, nanos(thread));
            }
        } catch (NoSuchFileException e) {
            throw new IOException("the server has ended", e);
        }
        return nanos;
    }

    private long nanos(Path thread) {
        try {
            String text = Files.readString(thread.resolve("schedstat"));
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException e) {
            // The thread ended since the directory was read.
            return 0;
        }
    }
}

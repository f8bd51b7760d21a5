package dev.gyre.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/// The CPU time of a process, user and system.
///
/// Linux counts nanoseconds for each thread; the sum over the threads misses those that ended in
/// between, which in the servers here are at most a few compilers. Elsewhere it is what the JDK
/// knows, in ticks of about 10 ms.
final class CpuClock {

    private final ProcessHandle process;
    private final Path tasks;

    CpuClock(ProcessHandle process) {
        this.process = process;
        this.tasks = Path.of("/proc", Long.toString(process.pid()), "task");
    }

    /// Returns how much CPU time the process has used so far, in nanoseconds.
    long nanos() throws IOException {
        if (!Files.isDirectory(tasks)) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
        }
        long sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                sum += threadNanos(thread);
            }
        }
        return sum;
    }

    private static long threadNanos(Path thread) throws IOException {
        try {
            String text = Files.readString(thread.resolve("schedstat"));
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (NoSuchFileException e) {
            // It ended since the directory was read.
            return 0;
        }
    }
}

package dev.gyre.examples;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A file whose content is slow to come, as on a disk that sleeps or a server that is far away: a
/// named pipe, into which somebody writes after a while.
final class SlowFile implements AutoCloseable {

    /// Says that this system has no named pipes.
    static final class NotHereException extends Exception {

        @Serial private static final long serialVersionUID = 1;

        NotHereException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private final Path folder;
    private final Path path;

    private SlowFile(Path folder) {
        this.folder = folder;
        this.path = folder.resolve("slow-file");
    }

    /// Makes a slow file.
    static SlowFile create() throws IOException, InterruptedException, NotHereException {
        SlowFile file = new SlowFile(Files.createTempDirectory("gyre-demo"));
        try {
            makePipe(file.path);
            return file;
        } catch (NotHereException | InterruptedException e) {
            file.close();
            throw e;
        }
    }

    private static void makePipe(Path path) throws InterruptedException, NotHereException {
        Process mkfifo;
        try {
            mkfifo = new ProcessBuilder("mkfifo", path.toString()).start();
        } catch (IOException e) {
            throw new NotHereException("there is no mkfifo here", e);
        }
        // Waiting for a process is fine in a coroutine; reading its output would not be.
        int status = mkfifo.waitFor();
        if (status != 0) {
            throw new NotHereException("mkfifo ended with status " + status, null);
        }
    }

    Path path() {
        return path;
    }

    /// Lets the content come once, after `pause`. Whoever reads the file waits for it.
    void fillAfter(Duration pause) {
        CompletableFuture.delayedExecutor(
                        pause.toNanos(),
                        TimeUnit.NANOSECONDS,
                        writer -> Thread.ofPlatform().daemon().name("slow-file").start(writer))
                .execute(this::fill);
    }

    private void fill() {
        try {
            Files.writeString(path, "hello\n", StandardOpenOption.WRITE);
        } catch (IOException e) {
            // The file is gone: the demo was interrupted, and nobody waits for this any more.
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
        Files.delete(folder);
    }
}

package dev.gyre.verify.stream;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file for a test, open for reading, and deleted with it.
record TempFile(Path path, FileChannel channel) implements AutoCloseable {

    static TempFile of(String content) throws IOException {
        return of(Dialogue.bytes(content));
    }

    static TempFile of(byte[] content) throws IOException {
        Path path = Files.createTempFile("gyre", null);
        Files.write(path, content);
        return new TempFile(path, FileChannel.open(path, StandardOpenOption.READ));
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.delete(path);
    }
}

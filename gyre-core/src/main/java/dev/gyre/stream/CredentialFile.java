package dev.gyre.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Files of certificates and keys.
final class CredentialFile {

    /// Many times what all authorities of the world need; a device never ends.
    private static final int BYTES_MAX = 16 * 1024 * 1024;

    private CredentialFile() {}

    static byte[] read(Path file) throws IOException {
        try (InputStream input = Files.newInputStream(file)) {
            byte[] bytes = input.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IOException("it has more than 16 MiB, which is too much for what it is");
            }
            return bytes;
        }
    }

    /// Returns why a file cannot be read, in words: some exceptions of the JDK tell it by their
    /// class alone.
    static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "there is no such file";
            case AccessDeniedException e -> "reading it is not permitted";
            // Its message begins with the file, which whoever tells this names too.
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }
}

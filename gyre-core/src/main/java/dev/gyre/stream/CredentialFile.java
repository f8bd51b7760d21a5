package dev.gyre.stream;

import dev.gyre.loop.Logs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A file of certificates or keys, as it was when it was looked at. Immutable.
///
/// It has changed if its bytes have. Its times do not tell that: what is put in its place by a new
/// name, a link or a copy may have the same. But each new handshake looks, so the bytes are
/// compared only when the file system leaves it open whether they are the same ([FileStamp]).
final class CredentialFile {

    /// How large a file may be: many times what all authorities of the world need. A device never
    /// ends.
    private static final int BYTES_MAX = 16 * 1024 * 1024;

    private final Path path;
    private final FileStamp stamp;

    /// What is in the file; null if it could not be read.
    private final byte @Nullable [] content;

    /// Why the file could not be read; null if it could.
    private final @Nullable IOException failure;

    private CredentialFile(
            Path path, FileStamp stamp, byte @Nullable [] content, @Nullable IOException failure) {
        this.path = path;
        this.stamp = stamp;
        this.content = content;
        this.failure = failure;
    }

    /// Looks at a file, which need not be there.
    static CredentialFile look(Path path) {
        // The stamp comes first, so that what changes while the file is read shows the next time.
        return look(path, FileStamp.of(path));
    }

    private static CredentialFile look(Path path, FileStamp stamp) {
        try {
            return new CredentialFile(path, stamp, read(path), null);
        } catch (IOException e) {
            return new CredentialFile(path, stamp, null, e);
        }
    }

    /// Looks at the file again. What that returns counts from then on, also if it [is
    /// like][#isLike] this.
    CredentialFile again() {
        FileStamp now = FileStamp.of(path);
        if (now.provesUnchangedSince(stamp)) {
            return this;
        }
        // Opening a pipe waits for its writer (fifo(7)), and all handshakes would wait with it.
        return now.isPipeOrDevice() && !stamp.isPipeOrDevice()
                ? new CredentialFile(path, now, null, new IOException("it is no file any more"))
                : look(path, now);
    }

    /// Returns whether the other file has the same bytes, or neither can be read.
    boolean isLike(CredentialFile other) {
        return Arrays.equals(content, other.content);
    }

    /// Returns the bytes, which must not be changed.
    ///
    /// @throws IOException if the file could not be read
    byte[] content() throws IOException {
        if (content == null) {
            throw failure == null ? new IOException("it could not be read") : failure;
        }
        return content;
    }

    /// Returns the path.
    @Override
    public String toString() {
        return path.toString();
    }

    private static byte[] read(Path file) throws IOException {
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
            // The message begins with the name of the file, which whoever tells this names too.
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> Logs.message(failure);
        };
    }
}

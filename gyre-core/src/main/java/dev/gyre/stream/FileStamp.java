package dev.gyre.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a file system tells of a file, without a look into it.
///
/// @param lookedAt when it was asked
/// @param kind what the file is
/// @param modified when the content was changed last. Programs set it, and those that copy do
/// @param size how many bytes there are
/// @param key what tells the file from others of the same name; null: the system has no such thing
/// @param changed when anything about the file was changed last, which no program can set; null:
///   the system has no such thing
record FileStamp(
        Instant lookedAt,
        Kind kind,
        FileTime modified,
        long size,
        @Nullable Object key,
        @Nullable FileTime changed) {

    /// What is found under a name.
    enum Kind {
        MISSING,
        /// A file, or a folder that stands in its place.
        FILE,
        /// A pipe or a device, which gives its bytes once, or without end.
        OTHER
    }

    /// How long after a change another one may have the same time: far longer than the clock of any
    /// file system stands still.
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private static final FileTime NEVER = FileTime.fromMillis(0);

    static FileStamp of(Path file) {
        // The clock is read before the look, so that its error has the file read once too often,
        // and not once too seldom.
        Instant now = Instant.now();
        try {
            return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                    ? ofUnix(now, file)
                    : ofOther(now, file);
        } catch (IOException e) {
            // Whoever reads the file hears why it cannot be read.
            return new FileStamp(now, Kind.MISSING, NEVER, 0, null, null);
        }
    }

    private static FileStamp ofUnix(Instant now, Path file) throws IOException {
        Map<String, Object> told =
                Files.readAttributes(file, "unix:isOther,lastModifiedTime,size,fileKey,ctime");
        return new FileStamp(
                now,
                kind((Boolean) Objects.requireNonNull(told.get("isOther"))),
                (FileTime) Objects.requireNonNull(told.get("lastModifiedTime")),
                (Long) Objects.requireNonNull(told.get("size")),
                told.get("fileKey"),
                (FileTime) told.get("ctime"));
    }

    private static FileStamp ofOther(Instant now, Path file) throws IOException {
        BasicFileAttributes told = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileStamp(
                now,
                kind(told.isOther()),
                told.lastModifiedTime(),
                told.size(),
                told.fileKey(),
                null);
    }

    boolean isPipeOrDevice() {
        return kind == Kind.OTHER;
    }

    private static Kind kind(Boolean isOther) {
        return isOther ? Kind.OTHER : Kind.FILE;
    }

    /// Returns whether the content is surely what it was at the look `before`. If this is false, it
    /// may be the same nevertheless.
    boolean provesUnchangedSince(FileStamp before) {
        if (kind != before.kind) {
            return false;
        }
        return switch (kind) {
            case MISSING -> true;
            // Reading a pipe or a device again could take for ever.
            case OTHER -> true;
            case FILE -> tellsTheSameAs(before) && before.isSettled();
        };
    }

    private boolean tellsTheSameAs(FileStamp before) {
        return modified.equals(before.modified)
                && size == before.size
                && Objects.equals(key, before.key)
                && Objects.equals(changed, before.changed);
    }

    /// Returns whether a change after this look has another time than the one before it.
    private boolean isSettled() {
        return changed != null && changed.toInstant().plus(SETTLING).isBefore(lookedAt);
    }
}

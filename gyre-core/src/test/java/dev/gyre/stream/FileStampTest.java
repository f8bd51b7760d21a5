package dev.gyre.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.stream.FileStamp.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStampTest {

    private static final Instant THEN = Instant.parse("2026-11-01T12:00:00Z");
    private static final FileTime CHANGED = FileTime.from(THEN.minus(Duration.ofMinutes(1)));

    /// The stamp of a file that was looked at a minute after its last change.
    private static final FileStamp SETTLED = stamp(THEN, Kind.FILE, 10, "inode", CHANGED);

    @TempDir private Path folder;

    private static FileStamp stamp(
            Instant lookedAt, Kind kind, long size, Object key, @Nullable FileTime changed) {
        return new FileStamp(lookedAt, kind, CHANGED, size, key, changed);
    }

    @Test
    void aSettledFileOfWhichAllIsTheSameIsUnchanged() {
        FileStamp later = stamp(THEN.plusSeconds(9), Kind.FILE, 10, "inode", CHANGED);

        assertThat(later.provesUnchangedSince(SETTLED)).isTrue();
    }

    @Test
    void aDifferenceOfAnyKindProvesNothing() {
        FileTime other = FileTime.from(THEN);

        assertThat(SETTLED.provesUnchangedSince(stamp(THEN, Kind.FILE, 9, "inode", CHANGED)))
                .isFalse();
        assertThat(SETTLED.provesUnchangedSince(stamp(THEN, Kind.FILE, 10, "next", CHANGED)))
                .isFalse();
        assertThat(stamp(THEN, Kind.FILE, 10, "inode", other).provesUnchangedSince(SETTLED))
                .isFalse();
        assertThat(
                        new FileStamp(THEN, Kind.FILE, other, 10, "inode", CHANGED)
                                .provesUnchangedSince(SETTLED))
                .isFalse();
    }

    @Test
    void aChangeSoonAfterTheLastMayHaveItsTime() {
        Instant soon = CHANGED.toInstant().plusSeconds(1);
        FileStamp early = stamp(soon, Kind.FILE, 10, "inode", CHANGED);

        assertThat(SETTLED.provesUnchangedSince(early)).isFalse();
    }

    @Test
    void aTimeAheadOfTheClockProvesNothing() {
        FileTime ahead = FileTime.from(THEN.plus(Duration.ofHours(1)));
        FileStamp early = stamp(THEN, Kind.FILE, 10, "inode", ahead);

        assertThat(early.provesUnchangedSince(early)).isFalse();
    }

    @Test
    void aFileSystemWithoutTheTimeOfEachChangeProvesNothing() {
        FileStamp poor = stamp(THEN, Kind.FILE, 10, "inode", null);

        assertThat(poor.provesUnchangedSince(poor)).isFalse();
    }

    @Test
    void whatIsStillMissingIsUnchanged() throws Exception {
        Path file = folder.resolve("file");
        FileStamp missing = FileStamp.of(file);
        Files.createFile(file);

        assertThat(missing.provesUnchangedSince(missing)).isTrue();
        assertThat(FileStamp.of(file).provesUnchangedSince(missing)).isFalse();
    }

    @Test
    void aPipeIsNotReadAgain() {
        FileStamp pipe = stamp(THEN, Kind.OTHER, 0, "inode", CHANGED);
        FileStamp later = stamp(THEN, Kind.OTHER, 0, "inode", FileTime.from(THEN));

        assertThat(later.provesUnchangedSince(pipe)).isTrue();
        assertThat(later.provesUnchangedSince(SETTLED)).isFalse();
    }

    @Test
    void aFileThatWasWrittenJustNowIsNotSettled() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "text");

        FileStamp fresh = FileStamp.of(file);

        assertThat(fresh.provesUnchangedSince(fresh)).isFalse();
    }
}

package dev.gyre.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClosetTest {

    private static final String NAME = ".gxyz";

    @TempDir private Path folder;

    /// Returns a folder whose path has so many bytes.
    private Path folder(int bytes) throws IOException {
        int rest = bytes - folder.toString().length() - 1;
        return Files.createDirectory(folder.resolve("d".repeat(rest)));
    }

    @Test
    void isTheDirectoryOfItsFileIfThatIsShort() throws IOException {
        try (Closet closet = Closet.beside(folder.resolve("sock"), NAME)) {
            assertThat(closet.file()).isEqualTo(folder.resolve(NAME).resolve("s"));
            assertThat(closet.fileForKernel()).isEqualTo(closet.file());
        }

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void isReachedByAWayThatIsShortEnoughAndGoneAfterwards() throws IOException {
        Path deep = folder(SocketPath.BYTES_MAX - "/s".length());
        Path way;
        try (Closet closet = Closet.beside(deep.resolve("s"), NAME)) {
            way = closet.fileForKernel();
            Files.writeString(way, "through the link");

            assertThat(SocketPath.fits(way)).isTrue();
            assertThat(closet.file()).hasContent("through the link");
        }

        assertThat(deep).isEmptyDirectory();
        assertThat(way.getParent().getParent()).doesNotExist();
    }

    @Test
    void aPlaceWhereNothingCanBeMadeIsTold() {
        assertThatIOException()
                .isThrownBy(() -> Closet.beside(folder.resolve("no/sock"), NAME))
                .withMessageStartingWith("nothing can be made in " + folder.resolve("no"));
    }
}

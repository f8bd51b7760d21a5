package dev.gyre.net;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A directory beside the place of a socket file that nobody but the user may enter. There the
/// socket is bound and gets its mode.
///
/// If the place has a short name, the path in here is longer, and may be too long for a socket
/// though that of the place is not. Then the kernel is led here by a link in the directory for
/// temporary files.
final class Closet implements AutoCloseable {

    private static final FileAttribute<Set<PosixFilePermission>> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final String FILE = "s";
    private static final String LINK = "l";

    private final Path directory;

    /// The directory with the link to the other one; null unless there is need of it.
    private @Nullable Path detour;

    private Closet(Path directory) {
        this.directory = directory;
    }

    /// Makes a directory.
    ///
    /// @param name of the directory, and short
    static Closet beside(Path place, String name) throws IOException {
        Closet closet = new Closet(place.resolveSibling(name));
        closet.makeDirectory();
        try {
            closet.makeDetour();
            return closet;
        } catch (Throwable e) {
            closet.close();
            throw e;
        }
    }

    private void makeDirectory() throws IOException {
        try {
            Files.createDirectory(directory, MODE);
        } catch (IOException e) {
            Path parent = directory.toAbsolutePath().getParent();
            throw new IOException("nothing can be made in " + parent + ": " + e, e);
        }
    }

    private void makeDetour() throws IOException {
        if (SocketPath.fits(file())) {
            return;
        }
        Path temporary = Files.createTempDirectory("gyre-", MODE);
        detour = temporary;
        Files.createSymbolicLink(temporary.resolve(LINK), directory.toAbsolutePath());
        if (!SocketPath.fits(fileForKernel())) {
            throw new SocketException(
                    "no socket can be made for it, since the path of %s is too long, too"
                            .formatted(temporary));
        }
    }

    /// Returns where the socket is to be.
    Path file() {
        return directory.resolve(FILE);
    }

    /// Returns the same place, by a path that is short enough for an address.
    Path fileForKernel() {
        return detour == null ? file() : detour.resolve(LINK).resolve(FILE);
    }

    /// Removes the directory, and a socket that was not moved to its place.
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file());
        Files.delete(directory);
        if (detour != null) {
            Files.deleteIfExists(detour.resolve(LINK));
            Files.delete(detour);
        }
    }
}

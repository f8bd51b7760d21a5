package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopLocal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file by which clients find a UNIX-domain listener. Only the user may connect (mode 0600).
///
/// The socket is bound in a directory that nobody else may enter ([Closet]), gets its mode, and is
/// then moved to its place: so nobody can connect before the mode is set, and a stale file is
/// replaced in one step. The file goes when the listener is closed, or the loop with it.
final class UnixSocketFile {

    /// The bits of a file's mode that tell its type, and what they are for a socket (stat, POSIX).
    private static final int TYPE_MASK = 0170000;

    private static final int SOCKET_TYPE = 0140000;

    /// How many names closets may have: those of three characters.
    private static final int CLOSETS =
            Character.MAX_RADIX * Character.MAX_RADIX * Character.MAX_RADIX;

    /// The files of a loop's listeners, removed with the loop.
    private static final LoopLocal<Present> PRESENT =
            LoopLocal.withInitial(loop -> new Present(new HashSet<>()));

    private final Path path;

    /// What the file system tells this file from another of its name by.
    private final Object key;

    private UnixSocketFile(Path path, Object key) {
        this.path = path;
        this.key = key;
    }

    private record Present(Set<UnixSocketFile> files) implements AutoCloseable {

        @Override
        public void close() {
            files.forEach(UnixSocketFile::remove);
        }
    }

    static ChannelListener listen(
            IOLoop loop, UnixDomainSocketAddress address, ListenOptions options)
            throws IOException {
        SocketPath.check(address);
        Path path = address.getPath();
        refuseUnlessFree(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            UnixSocketFile file = bind(channel, path, closetName(loop), options);
            Present present = PRESENT.get(loop);
            present.files().add(file);
            return new ChannelListener(
                    loop,
                    channel,
                    address,
                    () -> {
                        present.files().remove(file);
                        file.remove();
                    });
        } catch (Throwable e) {
            QuietClose.of(channel);
            throw e;
        }
    }

    private static String closetName(IOLoop loop) {
        return ".g" + Integer.toString(loop.random().nextInt(CLOSETS), Character.MAX_RADIX);
    }

    private static UnixSocketFile bind(
            ServerSocketChannel channel, Path path, String closetName, ListenOptions options)
            throws IOException {
        try (Closet closet = Closet.beside(path, closetName)) {
            channel.bind(UnixDomainSocketAddress.of(closet.fileForKernel()), options.backlog());
            Path hidden = closet.file();
            Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
            Object key = key(hidden);
            Files.move(hidden, path, StandardCopyOption.ATOMIC_MOVE);
            return new UnixSocketFile(path.toAbsolutePath(), key);
        }
    }

    private static void refuseUnlessFree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE_MASK) != SOCKET_TYPE) {
            throw new BindException(path + " is there already, and is not a socket");
        }
        String use = useOf(path);
        if (use != null) {
            throw new BindException(path + " is in use: " + use);
        }
        Logs.GENERAL.log(Level.DEBUG, path + " was left over, and is replaced");
    }

    /// Returns what tells that a socket is in use; null if it was left over.
    private static @Nullable String useOf(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A blocking connect would wait for a listener whose backlog is full.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return "somebody accepts connections there";
        } catch (ConnectException e) {
            return null;
        } catch (SocketException e) {
            // Only a refusal (ECONNREFUSED, connect(2)) says that nobody listens. A full queue, for
            // one, says the opposite.
            boolean isGone = !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
            return isGone ? null : "it does not refuse a connection: " + e.getMessage();
        }
    }

    /// Removes the file, unless it is somebody else's by now.
    private void remove() {
        try {
            if (key.equals(key(path))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            Logs.GENERAL.log(Level.DEBUG, "a socket file could not be removed", e);
        }
    }

    private static Object key(Path path) throws IOException {
        return Objects.requireNonNull(Files.getAttribute(path, "unix:ino"), "the inode");
    }
}

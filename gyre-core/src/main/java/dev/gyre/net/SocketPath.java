package dev.gyre.net;

import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Path;

/// What may be the path of a UNIX-domain socket: what fits into an address of the kernel. The JDK
/// says only that a path is too long.
final class SocketPath {

    /// How many bytes a path may have. The kernel has room for 108 (`sun_path`, unix(7)), or for
    /// 104 on BSD and macOS, and the JDK leaves the last two alone.
    static final int BYTES_MAX = kernelRoom() - 2;

    /// The encoding of the names of files.
    private static final Charset CHARSET =
            Charset.forName(System.getProperty("sun.jnu.encoding", ""), Charset.defaultCharset());

    private SocketPath() {}

    private static int kernelRoom() {
        String system = System.getProperty("os.name");
        return system.startsWith("Linux") || system.startsWith("Windows") ? 108 : 104;
    }

    /// Checks an address of whatever kind. A path counts as it is given: a relative one is all that
    /// the kernel gets.
    ///
    /// @throws SocketException if it is a path that is too long
    static void check(SocketAddress address) throws SocketException {
        if (address instanceof UnixDomainSocketAddress unix && !fits(unix.getPath())) {
            throw new SocketException(
                    "its path has %d bytes, and that of a socket has at most %d"
                            .formatted(bytes(unix.getPath()), BYTES_MAX));
        }
    }

    static boolean fits(Path path) {
        return bytes(path) <= BYTES_MAX;
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(CHARSET).length;
    }
}

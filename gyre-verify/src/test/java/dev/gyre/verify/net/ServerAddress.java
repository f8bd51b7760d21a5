package dev.gyre.verify.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the servers of a suite listen.
enum ServerAddress {
    TCP,
    UNIX;

    /// Returns an address at which nobody listens.
    ///
    /// @param folder of the test's own
    SocketAddress free(Path folder) {
        return switch (this) {
            case TCP -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            case UNIX -> UnixDomainSocketAddress.of(folder.resolve("s"));
        };
    }

    ProtocolFamily family() {
        return switch (this) {
            case TCP -> StandardProtocolFamily.INET;
            case UNIX -> StandardProtocolFamily.UNIX;
        };
    }

    /// Makes a folder whose name is short enough for a socket in it.
    static Path newFolder() throws IOException {
        return Files.createTempDirectory("gyre");
    }
}

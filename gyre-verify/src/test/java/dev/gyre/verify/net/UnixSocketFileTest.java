package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file by which clients find a server on a UNIX-domain socket.
final class UnixSocketFileTest {

    @TempDir private Path folder;

    private IOLoop loop;
    private TcpServer server;
    private Path file;
    private UnixDomainSocketAddress address;

    @BeforeEach
    void makeServer() {
        loop = new IOLoop();
        server = new TcpServer(UnixSocketFileTest::echo).withLoop(loop);
        file = folder.resolve("gyre.sock");
        address = UnixDomainSocketAddress.of(file);
    }

    @AfterEach
    void close() {
        server.close();
        loop.close();
    }

    private static void echo(IOStream stream) {
        stream.write(stream.readUntil("\n").await());
    }

    private String ask(String question) {
        return loop.runSync(() -> {
            try (IOStream stream = TcpClient.connect(address).await()) {
                stream.write(question + "\n");
                return stream.readLine().await();
            }
        });
    }

    @Test
    void clientsFindTheServer() {
        server.listen(address);

        assertThat(ask("hello")).isEqualTo("hello");
        assertThat(server.addresses()).containsExactly(address);
    }

    @Test
    void nobodyButTheUserMayConnect() throws IOException {
        server.listen(address);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void stoppingRemovesTheFile() throws IOException {
        server.listen(address);

        server.stop();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void closingTheLoopRemovesTheFile() {
        server.listen(address);

        loop.close();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void nothingButTheFileIsLeftInTheFolder() {
        server.listen(address);

        assertThat(folder).isDirectoryContaining(file::equals);
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void aFileThatSomebodyLeftIsReplaced() throws IOException {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address).close();
        assertThat(file).exists();

        server.listen(address);

        assertThat(ask("hello")).isEqualTo("hello");
    }

    @Test
    void aSocketThatSomebodyListensOnIsRefused() throws IOException {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(address);

            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> server.listen(address))
                    .withMessageContaining("is in use");
        }
    }

    @Test
    void anyOtherFileIsRefusedAndStays() throws IOException {
        Files.writeString(file, "dear diary");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> server.listen(address))
                .withMessageContaining("is not a socket");
        assertThat(file).hasContent("dear diary");
    }

    @Test
    void aFolderThatIsNotThereIsTold() {
        UnixDomainSocketAddress nowhere =
                UnixDomainSocketAddress.of(folder.resolve("no/gyre.sock"));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> server.listen(nowhere))
                .withMessageContaining("nothing can be made in " + folder.resolve("no"));
    }

    @Test
    void aPathMayBeAboutAsLongAsTheSystemAllows() throws IOException {
        // 104 bytes with the zero at the end is what the least generous systems have room for.
        int length = 103 - folder.toString().length() - "//gyre.sock".length();
        Path deep = Files.createDirectory(folder.resolve("d".repeat(length)));
        address = UnixDomainSocketAddress.of(deep.resolve("gyre.sock"));

        server.listen(address);

        assertThat(ask("hello")).isEqualTo("hello");
    }

    @Test
    void theFileOfSomebodyElseIsNotRemoved() throws IOException {
        server.listen(address);
        Files.delete(file);
        Files.writeString(file, "not ours");

        server.stop();

        assertThat(file).hasContent("not ours");
    }
}

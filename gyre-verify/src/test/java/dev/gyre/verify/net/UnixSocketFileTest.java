package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The file by which clients find a server on a UNIX-domain socket.
final class UnixSocketFileTest {

    /// What the JDK takes: of the bytes of an address, 108 on Linux (unix(7)), all but two.
    private static final int PATH_BYTES_MAX =
            System.getProperty("os.name").startsWith("Linux") ? 106 : 102;

    private static final Charset OF_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding"));

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

    /// Returns a path of so many bytes.
    private Path path(int bytes, String name) throws IOException {
        int rest = bytes - bytes(folder) - bytes(Path.of(name)) - 2;
        return Files.createDirectories(folder.resolve("d".repeat(rest))).resolve(name);
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(OF_NAMES).length;
    }

    private static boolean canConnect(Path path) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return client.isConnected();
        }
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

    /// Whatever the JDK binds, long and short names; a socket has no longer path.
    @ParameterizedTest
    @ValueSource(strings = {"s", "so", "soc", "sock", "sock5", "sock56", "sock567", "gyre.sock"})
    void aPathOfAnyLengthThatTheSystemTakesWorksFromOutside(String name) throws IOException {
        for (int length = PATH_BYTES_MAX - 12; length <= PATH_BYTES_MAX; length++) {
            Path path = path(length, name);
            server.listen(UnixDomainSocketAddress.of(path));

            assertThat(canConnect(path)).as("a path of %d bytes", length).isTrue();
            assertThat(path.getParent().toFile().list()).containsExactly(name);

            server.stop();
            Files.delete(path.getParent());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 20, 100})
    void aPathThatIsTooLongIsRefusedWithTheLimit(int excess) throws IOException {
        for (String name : List.of("s", "a-name-that-is-longer-than-that-of-a-closet")) {
            Path path = path(PATH_BYTES_MAX + excess, name);

            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> server.listen(UnixDomainSocketAddress.of(path)))
                    .withMessageStartingWith("cannot listen on " + path)
                    .withMessageContaining(PATH_BYTES_MAX + excess + " bytes")
                    .withMessageContaining("at most " + PATH_BYTES_MAX);
            assertThat(path.getParent()).isEmptyDirectory();
        }
    }

    /// Where names of files are in ASCII, there is nothing to tell apart.
    @Test
    void theLengthIsThatInBytes() throws IOException {
        String name = OF_NAMES.newEncoder().canEncode("ä") ? "äöü.sock" : "auo.sock";
        Path path = path(PATH_BYTES_MAX + 1, name);

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> server.listen(UnixDomainSocketAddress.of(path)))
                .withMessageContaining("at most " + PATH_BYTES_MAX);
        Path fits = path(PATH_BYTES_MAX, name);
        server.listen(UnixDomainSocketAddress.of(fits));
        assertThat(canConnect(fits)).isTrue();
    }

    @Test
    void aPathThatIsTooLongIsRefusedToClientsWithTheLimit() throws IOException {
        UnixDomainSocketAddress tooLong =
                UnixDomainSocketAddress.of(path(PATH_BYTES_MAX + 1, "gyre.sock"));
        ConnectOptions fromTooLong = ConnectOptions.defaults().withSourceAddress(tooLong);
        server.listen(address);

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> loop.runSync(() -> TcpClient.connect(tooLong).await()))
                .withMessageContaining("at most " + PATH_BYTES_MAX);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(
                        () -> loop.runSync(() -> TcpClient.connect(address, fromTooLong).await()))
                .withMessageContaining("from " + tooLong)
                .withMessageContaining("at most " + PATH_BYTES_MAX);
    }

    /// A relative path is what the kernel gets, and what counts: from here it works.
    @Test
    void aRelativePathWorksFromWhereItLeads() throws IOException {
        Path relative = Path.of("").toAbsolutePath().relativize(file);
        server.listen(UnixDomainSocketAddress.of(relative));

        assertThat(canConnect(relative)).isTrue();
        assertThat(ask("hello")).isEqualTo("hello");
        server.stop();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aRelativePathIsNotTooLongBecauseItsFolderIs() throws Exception {
        Path deep = path(PATH_BYTES_MAX + 40, "s").getParent();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process program =
                new ProcessBuilder(
                                java.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                RelativePathProgram.class.getName())
                        .directory(deep.toFile())
                        .redirectErrorStream(true)
                        .start();

        try (BufferedReader said = program.inputReader()) {
            assertThat(said.lines()).contains("connected to s", "left: false");
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    @Test
    void aSocketWhoseServerHasAFullQueueIsInUse() throws IOException {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(address, 1);
            fill(waiting);

            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> server.listen(address))
                    .withMessageContaining("is in use");
            assertThat(file).exists();
        } finally {
            for (SocketChannel each : waiting) {
                each.close();
            }
        }
    }

    /// Connects until the queue is full, which is soon.
    private void fill(List<SocketChannel> waiting) throws IOException {
        boolean hasRoom = true;
        while (hasRoom && waiting.size() < 100) {
            SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
            waiting.add(client);
            client.configureBlocking(false);
            hasRoom = hasRoom(client);
        }
        assertThat(hasRoom).isFalse();
    }

    private boolean hasRoom(SocketChannel client) {
        try {
            return client.connect(address);
        } catch (IOException e) {
            return false;
        }
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

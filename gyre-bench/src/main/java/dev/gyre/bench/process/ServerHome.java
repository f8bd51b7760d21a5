package dev.gyre.bench.process;

import dev.gyre.bench.peers.KeyStoreFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Where servers are run: a directory for what they need as files, and the flags of their JVMs.
/// Closing it removes the directory.
///
/// @param directory a temporary directory
/// @param collector the flag that chooses the collector of all JVMs
record ServerHome(Path directory, String collector) implements AutoCloseable {

    /// Makes the directory, which goes also when this JVM is interrupted.
    static ServerHome open(String collector) throws IOException {
        ServerHome site = new ServerHome(Files.createTempDirectory("gyre-bench"), collector);
        Runtime.getRuntime().addShutdownHook(new Thread(site::closeAtExit));
        return site;
    }

    private void closeAtExit() {
        try {
            close();
        } catch (IOException e) {
            System.err.println("gyre bench: cannot remove %s: %s".formatted(directory, e));
        }
    }

    /// Returns the command for a program on this class path.
    ///
    /// @param flags what its JVM wants besides
    /// @param mainAndArguments the name of its class, and its arguments
    List<String> java(List<String> flags, List<String> mainAndArguments) {
        List<String> command = new ArrayList<>();
        command.add(Tools.ofJdk("java"));
        command.addAll(heap());
        command.add("-D%s=%s".formatted(KeyStoreFile.PROPERTY, keyStore()));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(mainAndArguments);
        return command;
    }

    /// Returns the flags of the heap: the same of all, large enough that its size does not matter.
    List<String> heap() {
        return List.of("-Xms256m", "-Xmx1g", collector);
    }

    /// Returns the path of a source file of a peer, which it copies there at first use.
    Path source(String name) {
        Path file = directory.resolve(name);
        if (Files.exists(file)) {
            return file;
        }
        try (InputStream in = KeyStoreFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            Files.copy(in, file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the path of a program, which it compiles at first use.
    ///
    /// @param compiler the command that compiles, up to where the program goes
    Path compiled(String sourceName, String... compiler) {
        Path program = directory.resolve(sourceName + ".out");
        if (Files.exists(program)) {
            return program;
        }
        List<String> command = new ArrayList<>(List.of(compiler));
        command.add(program.toString());
        command.add(source(sourceName).toString());
        try {
            Tools.run(command.toArray(String[]::new));
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the path of the PKCS #12 file of the TLS servers.
    Path keyStore() {
        return directory.resolve("bench.p12");
    }

    /// Makes the key and the certificate of the TLS servers.
    void makeKeyStore() throws IOException {
        Tools.run(
                Tools.ofJdk("keytool"),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-alias",
                "bench",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                KeyStoreFile.PASSWORD,
                "-keystore",
                keyStore().toString());
    }

    /// Removes the directory. Called at the end of this JVM too, perhaps during the first call.
    @Override
    public synchronized void close() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
    }
}

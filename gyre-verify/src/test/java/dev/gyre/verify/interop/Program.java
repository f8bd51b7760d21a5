package dev.gyre.verify.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// A program that nobody here wrote. Where it is missing, the test that needs it is skipped, and
/// says so.
final class Program {

    private Program() {}

    /// Skips the test unless the program is there.
    static void assumeInstalled(String name) {
        assumeTrue(onPath(name).findAny().isPresent(), name + " is not installed");
    }

    /// Returns the programs of that name, in the order in which a shell looks for them.
    static Stream<Path> onPath(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }

    /// Runs a program with some input and returns what it has printed, once it has ended.
    static CompletableFuture<String> run(String input, List<String> command) {
        return CompletableFuture.supplyAsync(() -> output(input, command));
    }

    private static String output(String input, List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

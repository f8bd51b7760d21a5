package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A folder with the launcher `./gyre`, beside which a test puts the Maven and the JDK that it
/// needs.
///
/// @param folder where the launcher is
record Checkout(Path folder) {

    /// What came of a call of the launcher.
    ///
    /// @param status the exit status
    /// @param output what it printed, to either stream
    record Ended(int status, String output) {}

    /// Copies the launcher into a folder, which is made.
    static Checkout in(Path folder) throws IOException {
        Path scripts = Files.createDirectories(folder.resolve("config/launcher"));
        Path project = Path.of("..");
        Files.copy(project.resolve("gyre"), folder.resolve("gyre"));
        try (DirectoryStream<Path> parts =
                Files.newDirectoryStream(project.resolve("config/launcher"))) {
            for (Path part : parts) {
                Files.copy(part, scripts.resolve(part.getFileName().toString()));
            }
        }
        return new Checkout(folder);
    }

    /// Makes what passes for a JDK 25, in which every tool is the given script.
    static void makeJdk(Path jdk, String tool) throws IOException {
        for (String name : List.of("java", "javac")) {
            makeScript(Files.createDirectories(jdk.resolve("bin")).resolve(name), tool);
        }
        Files.createFile(Files.createDirectories(jdk.resolve("lib")).resolve("modules"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n");
    }

    /// Makes the Maven of the checkout.
    void makeMaven(String script) throws IOException {
        makeScript(folder.resolve("mvnw"), "#!/bin/sh\n" + script);
    }

    /// Makes a class of tests.
    void makeTest(String module, String name, String text) throws IOException {
        Path tests = folder.resolve(module).resolve("src/test/java/a/b");
        Files.writeString(Files.createDirectories(tests).resolve(name + ".java"), text);
    }

    /// Calls the launcher from the folder that the checkout is in, and waits for its end.
    Ended run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("sh", folder.getFileName().resolve("gyre").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(folder.resolveSibling("").toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process launcher = builder.start();
        String output =
                new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(launcher.waitFor(), output);
    }

    private static void makeScript(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}

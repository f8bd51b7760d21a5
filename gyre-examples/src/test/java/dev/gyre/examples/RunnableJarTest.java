package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// The runnable jar turns the carrier on by its manifest, with a cache of the JDK too.
///
/// It is put together here as the build does it later, with what the build file says about the
/// manifest.
@Timeout(60)
final class RunnableJarTest {

    private static final String CARRIER = "coroutines  carrier";

    /// What the launcher tells the JVM.
    private static final String SILENT = "-Xlog:aot*=off";

    @TempDir private Path folder;

    @BeforeEach
    void makeJars() throws Exception {
        Path lib = Files.createDirectories(folder.resolve("lib"));
        pack(lib.resolve("core.jar"), IOLoop.class);
        pack(lib.resolve("picocli.jar"), CommandLine.class);
        Path manifest =
                Files.writeString(
                        folder.resolve("manifest"),
                        """
                        Main-Class: %s
                        Add-Opens: %s
                        Class-Path: lib/core.jar lib/picocli.jar
                        """
                                .formatted(fromBuild("mainClass"), fromBuild("Add-Opens")));
        jar(folder.resolve("demos.jar"), Gyre.class, "--manifest=" + manifest);
    }

    private static String fromBuild(String element) throws IOException {
        Pattern pattern = Pattern.compile("<%1$s>(.*)</%1$s>".formatted(element));
        Matcher found = pattern.matcher(Files.readString(Path.of("pom.xml")));
        assertThat(found.find()).as(element).isTrue();
        return found.group(1);
    }

    private static void pack(Path target, Class<?> type) throws Exception {
        if (Files.isDirectory(origin(type))) {
            jar(target, type);
        } else {
            Files.copy(origin(type), target);
        }
    }

    private static void jar(Path target, Class<?> type, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--create", "--file=" + target));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-C", origin(type).toString(), "."));
        PrintWriter discarded = new PrintWriter(PrintWriter.nullWriter());
        int status =
                ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(discarded, discarded, arguments.toArray(String[]::new));
        assertThat(status).isZero();
    }

    private static Path origin(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private String doctor(String... jvmOptions) throws Exception {
        return run("doctor", jvmOptions);
    }

    /// Runs a command, and returns what it and the JVM wrote.
    private String run(String name, String... jvmOptions) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-jar", "demos.jar", name));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void itNeedsNoFlag() throws Exception {
        assertThat(doctor()).contains(CARRIER);
    }

    @Test
    void aCacheOfItIsUsedWhole() throws Exception {
        String recorded = run("train", "-XX:AOTCacheOutput=demos.aot");
        String run = doctor("-XX:AOTCache=demos.aot", "-XX:AOTMode=on", "-Xlog:aot:stdout");

        assertThat(recorded).startsWith("trained with one line\n").doesNotContain("[error]");
        assertThat(folder.resolve("demos.aot")).exists();
        assertThat(run)
                .contains(CARRIER, "full module graph: enabled")
                .doesNotContain("full module graph: disabled", "[error]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "empty", "cut short", "overwritten", "of another jar"})
    void aCacheThatDoesNotFitIsNotUsedAndNothingIsSaid(String condition) throws Exception {
        spoil(folder.resolve("demos.aot"), condition);

        String run = doctor("-XX:AOTCache=demos.aot", SILENT);

        assertThat(run).isEqualTo(doctor());
    }

    private void spoil(Path cache, String condition) throws Exception {
        if (!condition.equals("missing") && !condition.equals("empty")) {
            run("train", "-XX:AOTCacheOutput=demos.aot");
        }
        switch (condition) {
            case "missing" -> assertThat(cache).doesNotExist();
            case "empty" -> Files.createFile(cache);
            case "cut short" -> {
                try (FileChannel file = FileChannel.open(cache, StandardOpenOption.WRITE)) {
                    file.truncate(file.size() / 2);
                }
            }
            case "overwritten" -> Files.write(cache, new byte[(int) Files.size(cache)]);
            default ->
                    Files.setLastModifiedTime(folder.resolve("demos.jar"), FileTime.fromMillis(0));
        }
    }
}

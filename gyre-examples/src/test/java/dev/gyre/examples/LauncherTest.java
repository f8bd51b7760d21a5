package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher `./gyre`, in a checkout that is built already, with a JDK that only tells how it
/// was called.
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
final class LauncherTest {

    private static final String TELLING_JAVA =
            """
            #!/bin/sh
            echo "$JAVA_HOME"
            echo "$@"
            """;

    @TempDir private Path folder;

    @BeforeEach
    void makeCheckoutAndJdk() throws IOException {
        folder = folder.toRealPath();
        Path launch = Files.createDirectories(folder.resolve("co/gyre-examples/target/launch"));
        Files.createFile(launch.resolve("gyre-examples.jar"));
        for (String source : new String[] {".mvn", "gyre-core/src/main"}) {
            Files.createDirectories(folder.resolve("co").resolve(source));
        }
        for (String source :
                new String[] {"pom.xml", "gyre-core/pom.xml", "gyre-examples/pom.xml"}) {
            Files.createFile(folder.resolve("co").resolve(source));
        }
        Files.createDirectories(folder.resolve("co/gyre-examples/src/main"));
        Files.copy(Path.of("..", "gyre"), folder.resolve("co/gyre"));
        Files.createFile(launch.resolve("built"));
        makeJdk();
    }

    private void makeJdk() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        for (String tool : new String[] {"java", "javac"}) {
            Path file = Files.writeString(bin.resolve(tool), TELLING_JAVA);
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Files.createFile(Files.createDirectories(folder.resolve("jdk/lib")).resolve("modules"));
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
    }

    private String run(Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "co/gyre", "demo", "raw-echo");
        builder.directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process launcher = builder.start();
        String output =
                new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(launcher.waitFor()).as(output).isZero();
        return output;
    }

    private String called() {
        String jar = folder + "/co/gyre-examples/target/launch/gyre-examples.jar";
        return "%s/jdk\n-Ddev.gyre.debug=true -jar %s demo raw-echo\n".formatted(folder, jar);
    }

    @Test
    void javaHomeMayBeRelative() throws Exception {
        assertThat(run(Map.of("JAVA_HOME", "jdk"))).isEqualTo(called());
    }

    /// The shell's `cd` would look for relative directories there first, and print where it went.
    @Test
    void aSearchPathForDirectoriesDoesNotMatter() throws Exception {
        Files.createDirectories(folder.resolve("elsewhere/jdk"));
        Files.createDirectories(folder.resolve("elsewhere/co"));
        String elsewhere = folder.resolve("elsewhere").toString();

        assertThat(run(Map.of("JAVA_HOME", "jdk", "CDPATH", elsewhere))).isEqualTo(called());
    }
}

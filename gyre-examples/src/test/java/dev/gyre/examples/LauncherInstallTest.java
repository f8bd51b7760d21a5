package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.examples.Checkout.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The command `./gyre install`, with a Maven that only says what Maven would.
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
final class LauncherInstallTest {

    private static final String TOLD =
            """
            Installed in /my repo, each with its sources and its documentation:
              dev.gyre:gyre-core:1.2
              dev.gyre:gyre-testing:1.2

            Maven:
              <dependency>
                <groupId>dev.gyre</groupId>
                <artifactId>gyre-core</artifactId>
                <version>1.2</version>
              </dependency>
              <dependency>
                <groupId>dev.gyre</groupId>
                <artifactId>gyre-testing</artifactId>
                <version>1.2</version>
                <scope>test</scope>
              </dependency>

            Gradle (Kotlin or Groovy), with mavenLocal() among the repositories:
              implementation("dev.gyre:gyre-core:1.2")
              testImplementation("dev.gyre:gyre-testing:1.2")

            Flag of the JVM, for programs and for tests:
              --add-opens=java.base/java.lang=ALL-UNNAMED
            """;

    @TempDir private Path folder;

    /// Set before each test.
    private Checkout launcher = new Checkout(Path.of("none"));

    @BeforeEach
    void makeCheckoutAndJdk() throws IOException {
        folder = folder.toRealPath();
        launcher = Checkout.in(folder.resolve("co"));
        Checkout.makeJdk(folder.resolve("jdk"), "");
        Files.writeString(folder.resolve("co/pom.xml"), "<project>\n  <version>1.2</version>\n");
    }

    private Ended install(String... options) throws Exception {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "install";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return launcher.run(Map.of("JAVA_HOME", "jdk"), arguments);
    }

    private String building() {
        return """
        gyre: building gyre-core and gyre-testing (without tests and checks; with %s/jdk)
        """
                .formatted(folder);
    }

    @Test
    void tellsWhereTheArtifactsAreAndWhatToWriteToUseThem() throws Exception {
        launcher.makeMaven(
                """
                echo "$@" >said
                echo "[INFO] Installing /x/a.pom to /my repo/dev/gyre/gyre/1.2/gyre-1.2.pom"
                repository="/my repo/dev/gyre"
                echo "[INFO] Installing /x/a.jar to $repository/gyre-core/1.2/a.jar"
                """);

        assertThat(install("-o")).isEqualTo(new Ended(0, building() + TOLD));
        assertThat(folder.resolve("co/said"))
                .content()
                .contains(" -Dgyre.target=target/install ", " -pl gyre-core,gyre-testing -am -o ")
                .endsWith(" package source:jar-no-fork javadoc:jar install:install\n");
    }

    /// They would be installed with what the sources give.
    @Test
    void classesOfAnEarlierInstallationAreRemoved() throws Exception {
        Path classes = folder.resolve("co/gyre-core/target/install/classes");
        Files.createFile(Files.createDirectories(classes).resolve("Gone.class"));
        launcher.makeMaven("[ ! -e gyre-core/target/install ]");

        assertThat(install().status()).isZero();
    }

    @Test
    void aFailureShowsWhatMavenSaidAndWhatToDo() throws Exception {
        launcher.makeMaven("echo '[INFO] well'\necho '[ERROR] the tea is cold'\nexit 1");

        Ended ended = install();

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .startsWith(building() + "[ERROR] the tea is cold\ngyre: not installed, ")
                .contains("all that Maven has said is in " + folder + "/co/target/install.log")
                .contains("Maven Central");
        assertThat(folder.resolve("co/target/launch.lock")).doesNotExist();
    }

    @Test
    void aMavenThatDoesNotStartIsShown() throws Exception {
        launcher.makeMaven("echo 'cannot fetch Maven' >&2\nexit 1");

        assertThat(install().output()).contains("cannot fetch Maven\ngyre: not installed, ");
    }

    @Test
    void whatIsNoOptionIsRefused() throws Exception {
        assertThat(install("tea"))
                .isEqualTo(
                        new Ended(
                                2,
                                "gyre: install takes options of Maven, which begin with -, not"
                                        + " 'tea'\n"));
    }
}

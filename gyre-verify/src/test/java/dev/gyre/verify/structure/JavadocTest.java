package dev.gyre.verify.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The documentation of all that is shipped, made as `./mvnw javadoc:javadoc` and `./gyre install`
/// make it. The compiler looks at links too, but not through javadoc's eyes.
class JavadocTest {

    /// The beginnings of the names of the jars that the shipped modules are compiled with.
    private static final List<String> NEEDED =
            List.of(
                    "apiguardian-api-",
                    "jspecify-",
                    "junit-jupiter-api-",
                    "junit-platform-commons-",
                    "opentest4j-");

    @TempDir private Path pages;

    @Test
    void theDocumentationIsMadeWithoutErrorAndWarning() {
        ToolProvider javadoc = ToolProvider.findFirst("javadoc").orElseThrow();
        StringWriter said = new StringWriter();
        PrintWriter printer = new PrintWriter(said);

        int status = javadoc.run(printer, printer, arguments().toArray(String[]::new));

        assertThat(said.toString()).isEmpty();
        assertThat(status).isZero();
    }

    private List<String> arguments() {
        // The options that the parent pom has.
        List<String> arguments = new ArrayList<>(List.of("-quiet", "-Xdoclint:all,-missing"));
        arguments.addAll(List.of("-d", pages.toString(), "--module-path", modulePath()));
        for (ShippedModule module : ShippedModule.ALL) {
            String artifact = module.name().replaceFirst("^dev\\.", "").replace('.', '-');
            Path sources = Repository.ROOT.resolve(artifact, "src", "main", "java");
            arguments.addAll(
                    List.of("--module-source-path", module.name() + "=" + sources, "--module"));
            arguments.add(module.name());
        }
        return arguments;
    }

    private static String modulePath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> isNeeded(Path.of(entry).getFileName().toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean isNeeded(String jar) {
        return NEEDED.stream().anyMatch(jar::startsWith);
    }
}

package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// A JVM of its own, for what can be tried only once in a process.
///
/// @param exitCode 0 if the program ended well
/// @param output what it wrote, to whichever stream
record FreshJvm(int exitCode, String output) {

    static final String OPENS_TO_ALL = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    static final String CARRIER = "-Ddev.gyre.coroutines=carrier";

    static final String BATON = "-Ddev.gyre.coroutines=baton";

    /// Far more than any of the programs takes: one that hangs is a failure with a name.
    private static final long SECONDS_MAX = 30;

    /// Runs a program of the tests, with the core on the class path.
    static FreshJvm run(Class<?> program, String... options) throws Exception {
        return runIn(Path.of(System.getProperty("java.home")), classPath(), program, options);
    }

    private static FreshJvm runIn(
            Path runtime, String classPath, Class<?> program, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(runtime.resolve("bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, program.getName()));
        Path output = Files.createTempFile("gyre", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            return run(builder.redirectOutput(output.toFile()).start(), output);
        } finally {
            Files.delete(output);
        }
    }

    private static FreshJvm run(Process process, Path output) throws Exception {
        process.getOutputStream().close();
        boolean ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String text = Files.readString(output);
        assertThat(ended).as("it still ran after %d s: %s", SECONDS_MAX, text).isTrue();
        return new FreshJvm(process.exitValue(), text);
    }

    /// Runs a program of the tests, with the core as a named module.
    static FreshJvm runModular(Class<?> program, String... options) throws Exception {
        String[] modular = {"-p", location(IOLoop.class), "--add-modules=dev.gyre.core"};
        return run(program, Stream.of(modular, options).flatMap(Stream::of).toArray(String[]::new));
    }

    /// Runs a program of the tests in a run-time image of the core that was linked with `options`.
    static FreshJvm runLinked(Path folder, Class<?> program, String options) throws Exception {
        Path image = folder.resolve("image");
        StringWriter output = new StringWriter();
        PrintWriter out = new PrintWriter(output);
        String core = location(IOLoop.class);
        String[] arguments = {
            "--module-path=" + core,
            "--add-modules=dev.gyre.core",
            "--add-options=" + options,
            "--output=" + image
        };
        int status = ToolProvider.findFirst("jlink").orElseThrow().run(out, out, arguments);
        assertThat(status).as(output.toString()).isZero();
        return runIn(image, location(FreshJvm.class), program);
    }

    private static String classPath() throws IOException {
        return String.join(
                java.io.File.pathSeparator, location(IOLoop.class), location(FreshJvm.class));
    }

    private static String location(Class<?> type) throws IOException {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /// Returns the lines that are records of the library.
    List<String> linesAboutCoroutines() {
        return output.lines().filter(line -> line.contains("coroutines use")).toList();
    }

    FreshJvm succeeded() {
        assertThat(exitCode).as(output).isZero();
        return this;
    }

    FreshJvm failed() {
        assertThat(exitCode).as(output).isNotZero();
        return this;
    }
}

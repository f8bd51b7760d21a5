package dev.gyre.verify.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A process that runs tests, and writes all it says into a file.
///
/// @param options for the JVM
/// @param classPath what its class path begins with; the rest is that of this process
/// @param environment what is added to its environment
/// @param folder where it is started
/// @param log where it writes
record TestJvm(
        List<String> options,
        List<Path> classPath,
        Map<String, String> environment,
        Path folder,
        Path log) {

    /// The exit status of one that was ended because its time was up.
    static final int TOO_LATE = -1;

    /// Returns how a JVM is started with what this one has on its class path.
    ///
    /// @param options for the JVM
    /// @param classPath what its class path begins with; the rest is that of this process
    /// @param program which of the programs here it is to run
    static List<String> command(
            List<String> options, List<Path> classPath, Class<?> program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        command.add("-XX:+UseSerialGC");
        command.addAll(options);
        StringBuilder path = new StringBuilder();
        classPath.forEach(each -> path.append(each).append(File.pathSeparator));
        command.addAll(List.of("-cp", path + System.getProperty("java.class.path")));
        command.add(program.getName());
        command.addAll(arguments);
        return command;
    }

    private Process start(List<String> tests) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command(options, classPath, TestProgram.class, tests));
        builder.environment().putAll(environment);
        Process process =
                builder.directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        // The child must not go on alone if this process is told to end.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        process.getOutputStream().close();
        return process;
    }

    /// Runs it to its end.
    ///
    /// @param tests classes, or tests as in `class#method`
    /// @return the exit status, or [#TOO_LATE]
    int run(List<String> tests, Duration timeMax) throws IOException, InterruptedException {
        Process process = start(tests);
        try {
            return process.waitFor(timeMax) ? process.exitValue() : TOO_LATE;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}

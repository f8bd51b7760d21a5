package dev.gyre.examples;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Shows how far a piece of work has got: on a terminal in one line that is rewritten, elsewhere,
/// as in a log file, in a new line now and then.
final class Progress {

    private static final String TO_LINE_START = "\r";
    private static final String ERASE_REST_OF_LINE = "\u001b[K";

    private final PrintStream stream;
    private final Duration period;
    private final String lineStart;
    private final String lineEnd;

    private Progress(PrintStream stream, Duration period, String lineStart, String lineEnd) {
        this.stream = stream;
        this.period = period;
        this.lineStart = lineStart;
        this.lineEnd = lineEnd;
    }

    /// Returns a progress in the form that suits the stream.
    static Progress on(PrintStream stream) {
        return stream == System.err && isErrorTerminal() ? rewriting(stream) : lineByLine(stream);
    }

    /// Returns a progress that rewrites its line.
    static Progress rewriting(PrintStream stream) {
        return new Progress(stream, Duration.ofMillis(100), TO_LINE_START, ERASE_REST_OF_LINE);
    }

    /// Returns a progress that writes line after line.
    static Progress lineByLine(PrintStream stream) {
        return new Progress(stream, Duration.ofSeconds(1), "", System.lineSeparator());
    }

    /// The JDK knows of standard input and output only whether they are a terminal, so standard
    /// error has to be the same file as they.
    @SuppressWarnings("SystemConsoleNull") // Where they are redirected, JDK 25 has no console.
    private static boolean isErrorTerminal() {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return false;
        }
        Path out = Path.of("/dev/stdout");
        Path err = Path.of("/dev/stderr");
        try {
            return !Files.exists(err) || Files.isSameFile(out, err);
        } catch (IOException e) {
            return false;
        }
    }

    /// Returns how often [#show] should be called.
    Duration period() {
        return period;
    }

    void show(String text) {
        stream.print(lineStart + text + lineEnd);
        stream.flush();
    }

    /// Makes room for what is printed next.
    void end() {
        if (!lineStart.isEmpty()) {
            show("");
            stream.print(TO_LINE_START);
            stream.flush();
        }
    }
}

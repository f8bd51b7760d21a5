package dev.gyre.verify.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A conversation with a program that runs. What it prints as output and as errors is one text.
final class ProgramDialogue implements AutoCloseable {

    /// A program that takes longer is stuck.
    private static final int SECONDS_MAX = 20;

    private final Process process;

    private ProgramDialogue(Process process) {
        this.process = process;
    }

    static ProgramDialogue start(List<String> command) {
        try {
            return new ProgramDialogue(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst(), e);
        }
    }

    /// Says something on its input, which stays open.
    void say(String text) {
        try {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns what it says up to a line with `mark` in it. Blocks.
    String outputUpTo(String mark) {
        StringBuilder lines = new StringBuilder();
        try {
            while (lines.indexOf(mark) < 0 || lines.charAt(lines.length() - 1) != '\n') {
                int next = process.getInputStream().read();
                if (next < 0) {
                    throw new AssertionError("no '%s' in: %s".formatted(mark, lines));
                }
                lines.append((char) next);
            }
            return lines.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns what it says until it ends. Blocks.
    String output() {
        try {
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end, and said: " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /// Ends it, whatever it does.
    @Override
    public void close() {
        process.destroyForcibly();
    }
}

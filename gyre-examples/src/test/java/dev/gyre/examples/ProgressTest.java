package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void rewritesItsLineOnATerminal() {
        Progress progress = Progress.rewriting(stream);

        progress.show("one");
        progress.show("two");
        progress.end();

        assertThat(bytes).hasToString("\rone\u001b[K\rtwo\u001b[K\r\u001b[K\r");
    }

    @Test
    void writesLineAfterLineElsewhere() {
        Progress progress = Progress.on(stream);

        progress.show("one");
        progress.show("two");
        progress.end();

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines()).containsExactly("one", "two");
    }

    @Test
    void tellsMoreOftenOnATerminal() {
        assertThat(Progress.rewriting(stream).period())
                .isLessThan(Progress.lineByLine(stream).period());
    }
}

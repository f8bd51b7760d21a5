package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.ContextVar;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ContextFormatterTest {

    private static final ContextVar<String> REQUEST = ContextVar.withDefault("-");

    /// Keeps what is logged, formatted within the call as the JDK's own handlers do.
    private static final class Memory extends Handler {

        private final List<String> lines = new ArrayList<>();

        @Override
        public void publish(LogRecord record) {
            lines.add(getFormatter().format(record));
        }

        @Override
        public void flush() {
            // No record is held back.
        }

        @Override
        public void close() {
            // A memory has nothing to close.
        }
    }

    /// Formats a record as its message and nothing else.
    private static final class Bare extends Formatter {

        @Override
        public String format(LogRecord record) {
            return formatMessage(record);
        }

        @Override
        public String getHead(Handler handler) {
            return "head";
        }

        @Override
        public String getTail(Handler handler) {
            return "tail";
        }
    }

    private final Memory memory = new Memory();
    private final Logger logger = Logger.getLogger("dev.gyre.examples.requests");

    @BeforeEach
    void listen() {
        memory.setFormatter(new Bare());
        ContextFormatter.decorate(REQUEST, memory);
        logger.setUseParentHandlers(false);
        logger.addHandler(memory);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(memory);
    }

    private @Nullable Void serve(String request) {
        REQUEST.set(request);
        logger.info("begins");
        Task.pause();
        logger.log(Level.INFO, "{0} ends", request);
        return null;
    }

    @Test
    void eachTaskLogsItsOwnValueAlsoAfterASuspension() {
        try (IOLoop loop = new IOLoop()) {
            loop.runSync(() ->
                    TaskScope.call(scope -> {
                        scope.spawn("first", () -> serve("request 1"));
                        return scope.spawn("second", () -> serve("request 2"));
                    }));
        }

        assertThat(memory.lines)
                .containsExactly(
                        "[request 1] begins",
                        "[request 2] begins",
                        "[request 1] request 1 ends",
                        "[request 2] request 2 ends");
    }

    @Test
    void aCallbackLogsTheValueOfWhoScheduledIt() {
        try (IOLoop loop = new IOLoop()) {
            loop.runSync(() -> {
                REQUEST.set("request 1");
                loop.addCallback(() -> logger.info("later"));
                REQUEST.set("request 2");
                Task.pause();
                return true;
            });
        }

        assertThat(memory.lines).containsExactly("[request 1] later");
    }

    @Test
    void elsewhereTheDefaultIsLogged() {
        logger.info("no loop here");

        assertThat(memory.lines).containsExactly("[-] no loop here");
    }

    @Test
    void theRestIsLeftToTheFormatterBefore() {
        Formatter formatter = memory.getFormatter();

        assertThat(formatter.getHead(memory)).isEqualTo("head");
        assertThat(formatter.getTail(memory)).isEqualTo("tail");
    }
}

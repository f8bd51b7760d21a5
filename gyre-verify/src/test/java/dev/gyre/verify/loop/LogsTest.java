package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Task;
import java.io.ByteArrayOutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Writing to the log is calling user code: that of the log, and that of what is told of.
@ResourceLock("dev.gyre.testing.ExpectLog")
class LogsTest {

    private final Logger logger = Logger.getLogger("dev.gyre");
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final StreamHandler writer = new StreamHandler(written, new SimpleFormatter());
    private final List<String> ran = new ArrayList<>();

    @BeforeEach
    void write() {
        logger.setUseParentHandlers(false);
        logger.addHandler(writer);
    }

    @AfterEach
    void writeNoMore() {
        logger.removeHandler(writer);
        logger.setUseParentHandlers(true);
    }

    private String text() {
        writer.flush();
        return written.toString(StandardCharsets.UTF_8);
    }

    private void runFailing(IOLoop loop) {
        loop.addCallback(() -> {
            throw new Thrown.Untellable();
        });
        loop.addCallback(() -> ran.add("next"));
        loop.addCallback(loop::stop);
        loop.start();
    }

    @Test
    void aFailureThatCannotBeToldIsLoggedByItsNameAndTheLoopGoesOn() {
        try (IOLoop loop = new IOLoop()) {
            runFailing(loop);
        }

        assertThat(ran).containsExactly("next");
        assertThat(text()).containsOnlyOnce("exception in callback").contains("Thrown$Untellable");
    }

    @Test
    void aRecordNamesWhoWroteItAndNotWhatItPassedThrough() {
        List<String> callers = new ArrayList<>();
        Handler listening = new CallerLog(callers);
        logger.addHandler(listening);
        try (IOLoop loop = new IOLoop()) {
            runFailing(loop);
            Logs.GENERAL.log(Level.INFO, "without a failure");
            Logs.GENERAL.log(Level.INFO, "with one", new IllegalStateException());
        } finally {
            logger.removeHandler(listening);
        }

        String own = LogsTest.class.getName();
        assertThat(callers).containsExactly("dev.gyre.loop.LoggingUncaughtHandler", own, own);
    }

    private static final class CallerLog extends Handler {

        private final List<String> callers;

        CallerLog(List<String> callers) {
            this.callers = callers;
        }

        @Override
        public void publish(LogRecord record) {
            callers.add(record.getSourceClassName());
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    @Test
    void soIsOneThatHidesInAnother() {
        try (IOLoop loop = new IOLoop()) {
            loop.addCallback(() -> {
                IllegalStateException outer = new IllegalStateException("outer");
                outer.addSuppressed(new Thrown.Untellable());
                throw outer;
            });
            runFailing(loop);
        }

        assertThat(ran).containsExactly("next");
        assertThat(text()).contains("java.lang.IllegalStateException whose text failed with");
    }

    @Test
    void soIsOneOfATaskThatNobodyLooksAt() {
        try (IOLoop loop = new IOLoop()) {
            Task<Object> task =
                    loop.spawn(
                            "failing",
                            () -> {
                                throw new Thrown.Untellable();
                            });
            runFailing(loop);
            assertThat(task.isDone()).isTrue();
        }

        assertThat(text()).contains("task failing", "whose failure nobody looked at");
    }

    @Test
    void soIsOneOfTheUncaughtHandler() {
        LoopOptions options =
                LoopOptions.defaults()
                        .withUncaughtHandler((loop, running, failure) -> {
                            throw new Thrown.Untellable();
                        });
        try (IOLoop loop = new IOLoop(options)) {
            runFailing(loop);
        }

        assertThat(ran).containsExactly("next");
        assertThat(text()).contains("the uncaught handler failed", "Thrown$Untellable");
    }

    @ParameterizedTest
    @EnumSource
    void aLogThatThrowsDoesNotEndTheLoop(Thrown thrown) {
        Handler broken = new BrokenLog(thrown);
        logger.addHandler(broken);
        try (IOLoop loop = new IOLoop()) {
            runFailing(loop);
        } finally {
            logger.removeHandler(broken);
        }

        assertThat(ran).containsExactly("next");
    }

    private static final class BrokenLog extends Handler {

        private final Thrown thrown;

        BrokenLog(Thrown thrown) {
            this.thrown = thrown;
        }

        @Override
        public void publish(LogRecord record) {
            throw thrown.thrown();
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotSayWhatItIsIsCalledByItsClass(Thrown thrown) {
        try (IOLoop loop = new IOLoop()) {
            LoopFuture<Object> future = new LoopFuture<>(loop, new Nameless(thrown));

            assertThat(future).asString().contains("Nameless whose toString failed with");
        }
    }

    private record Nameless(Thrown thrown) implements Runnable {

        @Override
        public void run() {}

        @Override
        public String toString() {
            throw thrown.thrown();
        }
    }
}

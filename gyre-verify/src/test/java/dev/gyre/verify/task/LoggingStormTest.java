package dev.gyre.verify.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two coroutines and a callback log through one handler while a platform thread prints to the
/// stream behind it. With callbacks on the bare loop thread this is a deadlock within a second.
class LoggingStormTest {

    private static final int RECORDS = 1_000_000;

    /// Like `ConsoleHandler`: it flushes each record to a shared stream, under its lock.
    private static final class Console extends StreamHandler {

        Console(PrintStream out) {
            super(out, new Bare());
        }

        @Override
        public void publish(LogRecord record) {
            super.publish(record);
            flush();
        }
    }

    private static final class Bare extends Formatter {

        @Override
        public String format(LogRecord record) {
            return record.getMessage();
        }
    }

    private final LongAdder written = new LongAdder();
    private final AtomicBoolean over = new AtomicBoolean();

    private final PrintStream out =
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

    private final Logger logger = Logger.getLogger("LoggingStormTest");

    private boolean log() {
        logger.log(Level.INFO, "a record that says nothing");
        written.increment();
        if (written.sum() >= RECORDS) {
            over.set(true);
        }
        return !over.get();
    }

    @Test
    @Timeout(60)
    void aMillionRecordsGoThroughWithoutAStall() throws InterruptedException {
        Console console = new Console(out);
        logger.setUseParentHandlers(false);
        logger.addHandler(console);
        Thread printer = Thread.ofPlatform().start(this::print);
        try (IOLoop loop = new IOLoop()) {
            loop.runSync(() -> {
                Task<Void> first = loop.spawn("first", Play.body(this::logAndPause));
                Task<Void> second = loop.spawn("second", Play.body(this::logAndPause));
                loop.addCallback(() -> logAndCallBack(loop));
                first.await();
                return second.await();
            });
        } finally {
            over.set(true);
            printer.join();
            logger.removeHandler(console);
        }

        assertThat(written.sum()).isGreaterThanOrEqualTo(RECORDS);
    }

    private void logAndPause() {
        while (log()) {
            if (written.sum() % 16 == 0) {
                Task.pause();
            }
        }
    }

    private void logAndCallBack(IOLoop loop) {
        for (int i = 0; i < 8; i++) {
            log();
        }
        if (!over.get()) {
            loop.addCallback(() -> logAndCallBack(loop));
        }
    }

    private void print() {
        while (!over.get()) {
            out.print("something else");
        }
    }
}

package dev.gyre.testing;

import dev.gyre.loop.Logs;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/// Catches the records that the library logs while a test runs, and knows which ones the test
/// expects.
///
/// ```java
/// @GyreTest
/// void aFailingCallbackIsLogged(TestLoop test, ExpectLog log) {
///     log.expect("dev.gyre.application", Level.ERROR, "no such table");
///     test.loop().addCallback(() -> { throw new IllegalStateException("no such table"); });
///
///     test.runUntilIdle();
/// }
/// ```
///
/// It sees the loggers `dev.gyre.*` of the whole process, at every level, and until it is closed
/// keeps their records from going anywhere else. So the tests of one JVM that use an `ExpectLog`
/// run one after the other: [GyreTest] and [SimTest] see to that, also where JUnit runs tests in
/// parallel. Any thread.
public final class ExpectLog implements AutoCloseable {

    /// How many records are kept: a test that logs more has gone wild, and must not fill the heap
    /// as well.
    private static final int RECORDS_MAX = 10_000;

    /// The name of the resource that JUnit locks for a test that catches log records.
    static final String RESOURCE = "dev.gyre.testing.ExpectLog";

    private static final String PROBE = "dev.gyre.testing.probe";

    /// The parent of the loggers `dev.gyre.*`. Held here, since the log manager may hold a logger
    /// only weakly ([Logger#getLogger(String)]), and lose its handlers with it.
    private final Logger logger = Logger.getLogger("dev.gyre");

    private final Handler handler = new Catcher();
    private final java.util.logging.@Nullable Level levelBefore = logger.getLevel();
    private final boolean parentsBefore = logger.getUseParentHandlers();

    /// The records, in the order of logging. Guarded by this.
    private final List<Captured> records = new ArrayList<>();

    /// The records that were declared. Guarded by this.
    private final List<Expected> expectations = new ArrayList<>();

    /// How many records did not fit. Guarded by this.
    private int dropped;

    /// A record that was logged.
    ///
    /// @param logger the name of the logger
    /// @param level how serious the record is
    /// @param message the text, with its parameters in place
    /// @param thrown the exception that was logged with the record, or null
    public record Captured(String logger, Level level, String message, @Nullable Throwable thrown) {

        @Override
        public String toString() {
            String text = logger + " " + level + ": " + message;
            return thrown == null ? text : text + " [" + Logs.text(thrown) + "]";
        }
    }

    /// A record that a test expects.
    private record Expected(String logger, Level level, String fragment) {

        boolean matches(Captured record) {
            return record.logger().equals(logger)
                    && record.level() == level
                    && (record.message().contains(fragment) || isIn(record.thrown(), fragment));
        }

        private static boolean isIn(@Nullable Throwable thrown, String fragment) {
            return thrown != null && Logs.text(thrown).contains(fragment);
        }
    }

    private ExpectLog() {}

    /// Begins to catch records.
    ///
    /// @throws IllegalStateException if `System.Logger` does not write to `java.util.logging` here,
    ///   because another backend is on the class path or module path
    public static ExpectLog open() {
        ExpectLog log = new ExpectLog();
        log.attach();
        System.getLogger(PROBE).log(Level.TRACE, "is java.util.logging in use?");
        synchronized (log) {
            if (log.records.isEmpty()) {
                log.close();
                throw new IllegalStateException(
                        "System.Logger does not write to java.util.logging, so log records cannot"
                                + " be seen; take the other backend ("
                                + System.LoggerFinder.getLoggerFinder().getClass().getName()
                                + ") out of the tests, and java.logging in");
            }
            log.records.clear();
        }
        return log;
    }

    private void attach() {
        handler.setLevel(java.util.logging.Level.ALL);
        logger.setLevel(java.util.logging.Level.ALL);
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    /// Declares that a record of this kind comes, or has come; two calls declare two records.
    ///
    /// @param loggerName the exact name of the record's logger
    /// @param level the exact level of the record
    /// @param fragment part of the text of the record, or of the exception logged with it
    public synchronized void expect(String loggerName, Level level, String fragment) {
        expectations.add(new Expected(loggerName, level, fragment));
    }

    /// Declares that `count` records of this kind come, as [#expect(String, Level, String)]
    /// declares one.
    public synchronized void expect(int count, String loggerName, Level level, String fragment) {
        for (int i = 0; i < count; i++) {
            expect(loggerName, level, fragment);
        }
    }

    /// Waits until a record of this kind has come, from whatever thread, and returns the first.
    ///
    /// @throws InterruptedException if the test's time is up
    public synchronized Captured await(String loggerName, Level level, String fragment)
            throws InterruptedException {
        Expected wanted = new Expected(loggerName, level, fragment);
        while (true) {
            for (Captured record : records) {
                if (wanted.matches(record)) {
                    return record;
                }
            }
            wait();
        }
    }

    /// Returns all records that have come so far, of every level.
    public synchronized List<Captured> records() {
        return List.copyOf(records);
    }

    /// Returns the differences from what was declared, each in words: declared records that did not
    /// come, and records of level WARNING and above that were not declared.
    public synchronized List<String> problems() {
        List<Expected> missing = new ArrayList<>();
        List<Captured> undeclared = undeclared(missing);
        List<String> problems = new ArrayList<>();
        for (Expected expected : missing) {
            problems.add(
                    "no record of %s %s came that contains \"%s\""
                            .formatted(expected.logger(), expected.level(), expected.fragment()));
        }
        undeclared.forEach(record -> problems.add("unexpected log record: " + record));
        if (dropped > 0) {
            problems.add(dropped + " more records came after the first " + RECORDS_MAX);
        }
        return problems;
    }

    /// Returns the exceptions of the records of level WARNING and above that were not declared.
    synchronized List<Throwable> unexpected() {
        List<Throwable> thrown = new ArrayList<>();
        for (Captured record : undeclared(new ArrayList<>())) {
            if (record.thrown() != null) {
                thrown.add(record.thrown());
            }
        }
        return thrown;
    }

    private List<Captured> undeclared(List<Expected> missing) {
        List<Captured> unexpected = new ArrayList<>(records);
        for (Expected expected : expectations) {
            if (!removeFirstMatch(unexpected, expected)) {
                missing.add(expected);
            }
        }
        unexpected.removeIf(record -> record.level().getSeverity() < Level.WARNING.getSeverity());
        return unexpected;
    }

    private static boolean removeFirstMatch(List<Captured> records, Expected expected) {
        for (int i = 0; i < records.size(); i++) {
            if (expected.matches(records.get(i))) {
                records.remove(i);
                return true;
            }
        }
        return false;
    }

    /// Stops catching; the loggers are again as they were. The records that were caught can still
    /// be read.
    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(parentsBefore);
        logger.setLevel(levelBefore);
    }

    private synchronized void caught(Captured record) {
        if (records.size() == RECORDS_MAX) {
            dropped++;
            return;
        }
        records.add(record);
        notifyAll();
    }

    private static Level level(java.util.logging.Level level) {
        for (Level candidate : List.of(Level.ERROR, Level.WARNING, Level.INFO, Level.DEBUG)) {
            if (level.intValue() >= threshold(candidate)) {
                return candidate;
            }
        }
        return Level.TRACE;
    }

    /// Returns the value in java.util.logging from which on `level` is meant.
    private static int threshold(Level level) {
        return switch (level) {
            case ERROR -> java.util.logging.Level.SEVERE.intValue();
            case WARNING -> java.util.logging.Level.WARNING.intValue();
            case INFO -> java.util.logging.Level.INFO.intValue();
            default -> java.util.logging.Level.FINE.intValue();
        };
    }

    private final class Catcher extends Handler {

        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            String name = record.getLoggerName();
            caught(
                    new Captured(
                            name == null ? "" : name,
                            level(record.getLevel()),
                            text(record),
                            record.getThrown()));
        }

        /// Returns the message with its parameters in place, or without if the text of a parameter
        /// fails.
        private String text(LogRecord record) {
            try {
                return String.valueOf(formatter.formatMessage(record));
            } catch (Throwable e) {
                return String.valueOf(record.getMessage());
            }
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
}

package dev.gyre.loop;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Formatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The two logs of the loop, named as Tornado names them. Writing to them never throws: a log that
/// fails must not take the loop along.
final class Logs {
    /// What the library itself has to say.
    static final Logs GENERAL = new Logs(System.getLogger("dev.gyre.general"));

    /// What user code let out.
    static final Logs APPLICATION = new Logs(System.getLogger("dev.gyre.application"));

    static {
        // Reads the time zones, which a record needs. The first record may tell of a shortage of
        // descriptors, and then they could not be read.
        try (Formatter formatter = new Formatter(Locale.ROOT)) {
            formatter.format("%1$tc", Instant.EPOCH.atZone(ZoneId.systemDefault()));
        }
    }

    private final System.Logger logger;

    private Logs(System.Logger logger) {
        this.logger = logger;
    }

    /// Makes the logs ready now, which the JDK otherwise puts off to the first record.
    static void load() {
        GENERAL.logger.isLoggable(Level.ERROR);
        APPLICATION.logger.isLoggable(Level.ERROR);
    }

    void log(Level level, String message) {
        log(level, message, null);
    }

    void log(Level level, String message, @Nullable Throwable failure) {
        try {
            logger.log(level, message, failure);
        } catch (Throwable e) {
            lastResort(message, failure, e);
        }
    }

    private static void lastResort(
            String message, @Nullable Throwable failure, Throwable loggingFailure) {
        try {
            System.err.printf("%s: %s (the log failed: %s)%n", message, failure, loggingFailure);
        } catch (Throwable e) {
            // Nobody is left to be told.
            loggingFailure.addSuppressed(e);
        }
    }
}

package dev.gyre.loop;

import java.io.PrintWriter;
import java.io.Serial;
import java.io.StringWriter;
import java.io.Writer;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Formatter;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The two logs of the library, named as Tornado names them, and words for objects that are not its
/// own. For what is built on a loop: no method here ever throws, whatever the log does, or the
/// object it is to tell of. Both are user code, as much as a callback is, and whoever writes a
/// record is often in the middle of cleaning up.
///
/// It is a [System.Logger] itself, for the JDK takes those for no caller: a record names who wrote
/// it, and not this class.
///
/// In user code only, never in a bare callback or handler. Any thread.
public final class Logs implements System.Logger {
    /// What the library itself has to say: `dev.gyre.general`.
    public static final Logs GENERAL = new Logs(System.getLogger("dev.gyre.general"));

    /// What user code let out: `dev.gyre.application`.
    public static final Logs APPLICATION = new Logs(System.getLogger("dev.gyre.application"));

    static {
        // Has the JDK read its file of time zones, which the text of a record needs. The first
        // record may tell of a shortage of descriptors, and then that file could not be opened.
        try (Formatter formatter = new Formatter(Locale.ROOT)) {
            formatter.format("%1$tc", Instant.EPOCH.atZone(ZoneId.systemDefault()));
        }
    }

    private static final boolean IN_DEBUG_MODE = Boolean.getBoolean("dev.gyre.debug");

    private static final Level HINT = IN_DEBUG_MODE ? Level.INFO : Level.DEBUG;

    private final System.Logger logger;

    private Logs(System.Logger logger) {
        this.logger = logger;
    }

    /// Makes the logs ready now, which the JDK otherwise puts off to the first record.
    static void load() {
        GENERAL.logger.isLoggable(Level.ERROR);
        APPLICATION.logger.isLoggable(Level.ERROR);
    }

    @Override
    public String getName() {
        return logger.getName();
    }

    /// Returns whether a record of this level is written; false if the log cannot say.
    @Override
    public boolean isLoggable(Level level) {
        try {
            return logger.isLoggable(level);
        } catch (Throwable e) {
            return false;
        }
    }

    /// Writes a record.
    @Override
    public void log(Level level, String message) {
        write(level, null, message, null);
    }

    /// Writes a record about a failure. If the failure's own text fails, the record has its class
    /// and its trace.
    @Override
    public void log(Level level, String message, @Nullable Throwable failure) {
        write(level, null, message, failure);
    }

    /// Writes a record about a failure, with a message of a bundle if there is one.
    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            String message,
            @Nullable Throwable failure) {
        write(level, bundle, message, failure);
    }

    /// Writes a record with the text of an object.
    @Override
    public void log(Level level, Object told) {
        write(level, null, text(told), null);
    }

    /// Writes a record with a message that is made only if it is wanted.
    @Override
    public void log(Level level, Supplier<String> message) {
        log(level, message, null);
    }

    /// Writes a record about a failure, with a message that is made only if it is wanted.
    @Override
    public void log(Level level, Supplier<String> message, @Nullable Throwable failure) {
        if (isLoggable(level)) {
            write(level, null, made(message), failure);
        }
    }

    private static String made(Supplier<String> message) {
        try {
            return message.get();
        } catch (Throwable e) {
            return failed(message, "get", e);
        }
    }

    /// Writes a record with a message that is a pattern if there are parameters.
    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            String pattern,
            @Nullable Object @Nullable ... parameters) {
        try {
            logger.log(level, bundle, pattern, parameters);
        } catch (Throwable e) {
            lastResort(pattern, null, e);
        }
    }

    private void write(
            Level level,
            @Nullable ResourceBundle bundle,
            String message,
            @Nullable Throwable failure) {
        try {
            if (logger.isLoggable(level)) {
                logger.log(level, bundle, message, tellable(failure));
            }
        } catch (Throwable e) {
            lastResort(message, failure, e);
        }
    }

    /// Writes a hint for who develops a program, about what is no failure, but most likely a
    /// mistake: in debug mode at level INFO, else at DEBUG.
    public void hint(String message, @Nullable Throwable where) {
        log(HINT, message, where);
    }

    /// Returns whether anybody reads hints, which can cost something to find.
    public boolean wantsHints() {
        return isLoggable(HINT);
    }

    /// Returns whether this process is in debug mode: the system property `dev.gyre.debug` is
    /// `true`. Then what costs too much elsewhere is noted down.
    public static boolean isDebugMode() {
        return IN_DEBUG_MODE;
    }

    /// Tells of what the body of a coroutine let out. The bodies of this package let nothing out.
    static void coroutineDied(Thread thread, Throwable failure) {
        GENERAL.log(Level.ERROR, "coroutine " + thread.getName() + " died", failure);
    }

    /// Tries out whether a failure can be written, and returns what can be. Not every log does so
    /// before it begins a record, and some lose the record, or pass on what the failure's text
    /// throws.
    private static @Nullable Throwable tellable(@Nullable Throwable failure) {
        if (failure == null) {
            return null;
        }
        try (PrintWriter nowhere = new PrintWriter(Writer.nullWriter())) {
            failure.printStackTrace(nowhere);
            return failure;
        } catch (Throwable e) {
            return new Untold(failure, e);
        }
    }

    /// Tells the last words of a process that is about to be halted, which a log might keep to
    /// itself.
    static void atOnce(String lastWords) {
        System.err.println(lastWords);
    }

    /// Tells of a failure on the standard error, which a log cannot be told of.
    static void atOnce(String message, Throwable failure) {
        try {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            atOnce(message + ": " + trace);
        } catch (Throwable e) {
            lastResort(message, failure, e);
        }
    }

    private static void lastResort(
            String message, @Nullable Throwable failure, Throwable loggingFailure) {
        try {
            String what = failure == null ? "" : ": " + text(failure);
            System.err.println(message + what + " (the log failed: " + text(loggingFailure) + ")");
        } catch (Throwable e) {
            // The log itself has failed, and nobody is left to be told.
            return;
        }
    }

    /// Returns what an object says of itself, or, if its `toString` fails, its class. Addresses are
    /// written in numbers, as `127.0.0.1:9999` and `[::1]:9999`, and nothing is looked up.
    public static String text(Object named) {
        try {
            return switch (named) {
                case SocketAddress address -> String.valueOf(AddressText.of(address));
                case InetAddress address -> AddressText.of(address);
                default -> String.valueOf(named.toString());
            };
        } catch (Throwable e) {
            return failed(named, "toString", e);
        }
    }

    /// Returns the message of a failure, or its class, if it has none or asking for it fails.
    public static String message(Throwable failure) {
        try {
            String message = failure.getMessage();
            return message == null || message.isBlank() ? failure.getClass().getName() : message;
        } catch (Throwable e) {
            return failed(failure, "getMessage", e);
        }
    }

    private static String failed(Object named, String method, Throwable failure) {
        return "%s whose %s failed with %s"
                .formatted(named.getClass().getName(), method, failure.getClass().getName());
    }

    /// Stands in a record for a failure whose text fails.
    private static final class Untold extends Exception {

        @Serial private static final long serialVersionUID = 1;

        Untold(Throwable failure, Throwable ofItsText) {
            super(failed(failure, "text", ofItsText), null, false, true);
            try {
                setStackTrace(failure.getStackTrace());
            } catch (Throwable e) {
                // The trace of the failure fails too. Then this one shows where the record was
                // written, which is close.
                return;
            }
        }
    }
}

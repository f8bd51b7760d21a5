package dev.gyre.examples;

import dev.gyre.loop.ContextVar;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Puts the value of a context variable in front of each log record, so that the records of one
/// request can be told from those of another, although one thread serves both.
///
/// ```java
/// static final ContextVar<String> REQUEST = ContextVar.withDefault("-");
///
/// ContextFormatter.decorate(REQUEST, Logger.getLogger("").getHandlers());
/// ```
///
/// A handler formats a record on the thread that logs it, within the call. There the variable has
/// the value of the task or callback that logs; on threads that run no loop it has its default.
final class ContextFormatter extends Formatter {

    private final ContextVar<?> variable;
    private final Formatter plain;

    /// Makes a formatter that leaves the rest of the record to another one.
    ContextFormatter(ContextVar<?> variable, Formatter plain) {
        this.variable = variable;
        this.plain = plain;
    }

    /// Gives each handler such a formatter around its own.
    static void decorate(ContextVar<?> variable, Handler... handlers) {
        for (Handler handler : handlers) {
            handler.setFormatter(new ContextFormatter(variable, handler.getFormatter()));
        }
    }

    @Override
    public String format(LogRecord record) {
        return "[" + variable.get() + "] " + plain.format(record);
    }

    @Override
    public String getHead(Handler handler) {
        return plain.getHead(handler);
    }

    @Override
    public String getTail(Handler handler) {
        return plain.getTail(handler);
    }
}

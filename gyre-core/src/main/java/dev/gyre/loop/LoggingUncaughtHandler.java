package dev.gyre.loop;

import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;

/// What a loop does with exceptions of user code unless told otherwise: it logs them.
final class LoggingUncaughtHandler implements UncaughtHandler {

    private static final long SECOND_NANOS = 1_000_000_000;

    private final Throttle throttle = new Throttle(RECORDS_PER_SECOND_MAX, SECOND_NANOS);

    @Override
    public void handle(IOLoop loop, String running, Throwable failure) {
        if (failure instanceof CancellationException) {
            // Somebody asked for the cancellation, so it is no news.
            Logs.APPLICATION.log(Level.DEBUG, loop.name() + ": cancelled: " + running, failure);
        } else if (throttle.admit(loop.time())) {
            Logs.APPLICATION.log(
                    Level.ERROR,
                    loop.name() + ": exception in " + running + throttle.takeSuppressed(),
                    failure);
        }
    }
}

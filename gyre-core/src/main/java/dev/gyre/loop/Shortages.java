package dev.gyre.loop;

import org.jspecify.annotations.Nullable;

/// What a loop met for want of memory and could not tell just then. It is told when there is some
/// again; to note it down takes none. Loop thread.
final class Shortages {

    private final IOLoop loop;

    /// How many failures of user code are to be told.
    private int failures;

    /// How many turns were broken off.
    private int turns;

    /// The newest of those; null while there is none to tell.
    private @Nullable Throwable newest;

    Shortages(IOLoop loop) {
        this.loop = loop;
    }

    /// Notes a failure of user code that could not be reported.
    void unreported(Throwable failure) {
        failures++;
        newest = failure;
    }

    /// Adds a failure to another one, or notes it if there is no memory for that.
    void suppress(Throwable failure, Throwable more) {
        try {
            failure.addSuppressed(more);
        } catch (OutOfMemoryError e) {
            unreported(more);
        }
    }

    /// Notes that the loop itself found no memory, and lost a turn.
    void brokeOff(OutOfMemoryError failure) {
        turns++;
        newest = failure;
    }

    /// Adds a report to `steps` if there is something to tell, and memory for it. Once a turn.
    void report(StepList steps) {
        Throwable failure = newest;
        if (failure == null) {
            return;
        }
        try {
            String running =
                    "short of memory, " + failures + " failures not told, " + turns + " turns late";
            Callback report = () -> loop.reportUncaught(running, failure);
            steps.add(new CallbackStep(Context.EMPTY, report, "report of"));
        } catch (OutOfMemoryError e) {
            turns++;
            return;
        }
        failures = 0;
        turns = 0;
        newest = null;
    }
}

package dev.gyre.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What a loop has to tell of failures: at once, or when there is memory to tell it again, or, if
/// it is the failure of a future, when nobody has looked at it for a while. Loop thread.
final class Reports {

    private final BiConsumer<String, Throwable> receiver;

    /// The failures of futures that nobody has looked at, the oldest first; both null exactly when
    /// there are none.
    private @Nullable Unobserved oldest;

    private @Nullable Unobserved newest;

    /// How many failures could not be told for want of memory, and are to be told.
    private int untold;

    /// How many turns were broken off for want of memory.
    private int turnsBrokenOff;

    /// The newest failure that could not be told; null while there is none. To note it down takes
    /// no memory.
    private @Nullable Throwable newestUntold;

    /// @param receiver is told, in user code, what was running and what that has thrown
    Reports(BiConsumer<String, Throwable> receiver) {
        this.receiver = receiver;
    }

    /// Tells of a failure now. In user code.
    void uncaught(String running, Throwable failure) {
        receiver.accept(running, failure);
    }

    /// Notes a failure that could not be told, for want of memory.
    void untold(Throwable failure) {
        untold++;
        newestUntold = failure;
    }

    /// Adds a failure to another one, or notes it if there is no memory for that.
    void suppress(Throwable failure, Throwable more) {
        try {
            failure.addSuppressed(more);
        } catch (OutOfMemoryError e) {
            untold(more);
        }
    }

    /// Notes that the loop itself found no memory, and broke off a turn.
    void brokeOff(OutOfMemoryError failure) {
        turnsBrokenOff++;
        newestUntold = failure;
    }

    /// Notes the failure of a future, to be told unless somebody looks at it in time.
    ///
    /// @param what says which future it is
    /// @param dueNanos when it is to be told, on the loop's clock; not before those that are noted
    ///   already
    Unobserved unobserved(String what, Throwable failure, long dueNanos) {
        Unobserved entry = new Unobserved(this, what, failure, dueNanos);
        Unobserved before = newest;
        if (before == null) {
            oldest = entry;
        } else {
            before.next = entry;
            entry.previous = before;
        }
        newest = entry;
        return entry;
    }

    /// Returns whether there is anything that [#addDue] may have to add, now or later.
    boolean areAny() {
        return oldest != null || newestUntold != null;
    }

    /// Returns how long it is until a failure is to be told that nobody has looked at by then, in
    /// nanoseconds.
    long nanosToNext(long now) {
        return oldest == null ? Long.MAX_VALUE : Math.max(0, oldest.dueNanos - now);
    }

    /// Adds to `steps` a report of each failure that is to be told by now.
    ///
    /// @throws OutOfMemoryError if there is none for a report, which the next call adds
    void addDue(StepList steps, long now) {
        while (oldest != null && oldest.dueNanos - now <= 0) {
            addOldest(oldest, steps);
        }
        if (newestUntold != null) {
            addUntold(newestUntold, steps);
        }
    }

    /// Adds a report of all that was not told: the loop stops, or closes.
    ///
    /// @return the failures of futures among them
    /// @throws OutOfMemoryError if there is none for that; the next call adds those that are left
    List<Unobserved> addAll(StepList steps) {
        List<Unobserved> added = new ArrayList<>();
        while (oldest != null) {
            added.add(oldest);
            addOldest(oldest, steps);
        }
        if (newestUntold != null) {
            addUntold(newestUntold, steps);
        }
        return added;
    }

    /// Writes those failures to the standard error of which the report is blocked: the loop has
    /// stopped, and perhaps nobody starts it again, for the report to go on.
    static void tellAtOnce(List<Unobserved> reported) {
        for (Unobserved entry : reported) {
            if (!entry.isTold) {
                Logs.atOnce(entry.what + ", whose failure nobody looked at", entry.failure);
            }
        }
    }

    private void addOldest(Unobserved entry, StepList steps) {
        String running = entry.what + ", whose failure nobody looked at";
        Callback report = () -> tell(entry, running);
        Step step = new CallbackStep(Context.EMPTY, report, "report of");
        // Only now, and that takes no memory.
        entry.leave();
        steps.add(step);
    }

    /// Tells of a failure, unless somebody has looked at it since the report was added: in a long
    /// turn that is late, and whoever awaits the future may be before it in the queue.
    private void tell(Unobserved entry, String running) {
        if (!entry.isLookedAt) {
            uncaught(running, entry.failure);
        }
        entry.isTold = true;
    }

    private void addUntold(Throwable failure, StepList steps) {
        try {
            String running =
                    "short of memory, "
                            + untold
                            + " failures not told, "
                            + turnsBrokenOff
                            + " turns late";
            Callback report = () -> uncaught(running, failure);
            steps.add(new CallbackStep(Context.EMPTY, report, "report of"));
        } catch (OutOfMemoryError e) {
            turnsBrokenOff++;
            return;
        }
        untold = 0;
        turnsBrokenOff = 0;
        newestUntold = null;
    }

    /// The failure of a future that nobody has looked at yet.
    static final class Unobserved {

        private final Reports reports;
        private final String what;
        private final Throwable failure;

        /// When it is told, on the loop's clock.
        private final long dueNanos;

        /// The neighbours in the list; null at its ends, and once this has left it.
        private @Nullable Unobserved previous;

        private @Nullable Unobserved next;

        private boolean isLookedAt;

        /// Whether whoever is told of it has returned.
        private boolean isTold;

        private Unobserved(Reports reports, String what, Throwable failure, long dueNanos) {
            this.reports = reports;
            this.what = what;
            this.failure = failure;
            this.dueNanos = dueNanos;
        }

        /// Forgets the failure: somebody has looked at it.
        void cancel() {
            isLookedAt = true;
            boolean isListed = previous != null || reports.oldest == this;
            if (isListed) {
                leave();
            }
        }

        private void leave() {
            if (previous == null) {
                reports.oldest = next;
            } else {
                previous.next = next;
            }
            if (next == null) {
                reports.newest = previous;
            } else {
                next.previous = previous;
            }
            previous = null;
            next = null;
        }
    }
}

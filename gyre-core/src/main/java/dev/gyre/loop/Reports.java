package dev.gyre.loop;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What a loop has to tell of failures: at once, or when there is memory to tell it again, or, if
/// it is the failure of a future, when nobody can look at that future any more and nobody has. Loop
/// thread.
final class Reports {

    private final BiConsumer<String, Throwable> receiver;

    /// The failures of futures that nobody has looked at.
    private final Set<Unobserved> unobserved = new HashSet<>();

    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

    /// The one that was taken from there last and is still to be reported; null if there is none.
    /// Kept until then, since there may be no memory for the report.
    private @Nullable Reference<?> due;

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

    /// Notes the failure of a future, to be told unless somebody looks at it.
    ///
    /// @param what says which future it is
    Unobserved unobserved(Object future, String what, Throwable failure) {
        Unobserved entry = new Unobserved(this, future, what, failure);
        unobserved.add(entry);
        return entry;
    }

    /// Adds to `steps` a report of each failure that is to be told now. Called once a turn; costs
    /// nothing while nothing has failed.
    ///
    /// @throws OutOfMemoryError if there is none for a report, which the next call adds
    void addDue(StepList steps) {
        if (!unobserved.isEmpty()) {
            addCollected(steps);
        }
        if (newestUntold != null) {
            addUntold(newestUntold, steps);
        }
    }

    private void addCollected(StepList steps) {
        if (due == null) {
            due = collected.poll();
        }
        while (due != null) {
            if (due instanceof Unobserved entry) {
                addUnobserved(entry, steps);
            }
            due = collected.poll();
        }
    }

    /// Adds a report of all that was not told. The loop closes, and nobody will look at a failure
    /// any more.
    ///
    /// @throws OutOfMemoryError if there is none for that; the next call adds those that are left
    void addAll(StepList steps) {
        List.copyOf(unobserved).forEach(entry -> addUnobserved(entry, steps));
        if (newestUntold != null) {
            addUntold(newestUntold, steps);
        }
    }

    private void addUnobserved(Unobserved entry, StepList steps) {
        if (!unobserved.contains(entry)) {
            return;
        }
        String running = entry.what + ", whose failure nobody looked at";
        Callback report = () -> uncaught(running, entry.failure);
        Step step = new CallbackStep(Context.EMPTY, report, "report of");
        // Only now, and that takes no memory.
        unobserved.remove(entry);
        steps.add(step);
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
    static final class Unobserved extends PhantomReference<Object> {

        private final Reports reports;
        private final String what;
        private final Throwable failure;

        private Unobserved(Reports reports, Object future, String what, Throwable failure) {
            super(future, reports.collected);
            this.reports = reports;
            this.what = what;
            this.failure = failure;
        }

        /// Forgets the failure, since somebody has looked at it.
        void cancel() {
            reports.unobserved.remove(this);
            clear();
        }
    }
}

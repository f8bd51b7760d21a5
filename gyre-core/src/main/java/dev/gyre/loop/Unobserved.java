package dev.gyre.loop;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The failure of a future that nobody has looked at yet. It is reported when nobody can any more,
/// because the future was collected, or when the loop closes.
final class Unobserved extends PhantomReference<LoopFuture<?>> {

    private final Registry registry;
    private final String what;
    private final Throwable failure;

    private Unobserved(Registry registry, LoopFuture<?> future, Throwable failure) {
        super(future, registry.collected);
        this.registry = registry;
        this.what = future.describe();
        this.failure = failure;
    }

    /// Hears that somebody has looked.
    void cancel() {
        registry.pending.remove(this);
        clear();
    }

    /// The unobserved failures of a loop. Loop thread.
    static final class Registry {

        private final IOLoop loop;
        private final Set<Unobserved> pending = new HashSet<>();
        private final ReferenceQueue<LoopFuture<?>> collected = new ReferenceQueue<>();

        /// The one that was taken from there last and is still to be reported; null if there is
        /// none. Kept until then, since there may be no memory for the report.
        private @Nullable Reference<?> due;

        Registry(IOLoop loop) {
            this.loop = loop;
        }

        Unobserved add(LoopFuture<?> future, Throwable failure) {
            Unobserved entry = new Unobserved(this, future, failure);
            pending.add(entry);
            return entry;
        }

        /// Adds a report of each whose future is gone to `steps`. Once a turn; costs nothing while
        /// nothing has failed.
        ///
        /// @throws OutOfMemoryError if there is none for a report, which the next call adds
        void reportCollected(StepList steps) {
            if (pending.isEmpty()) {
                return;
            }
            if (due == null) {
                due = collected.poll();
            }
            while (due != null) {
                if (due instanceof Unobserved entry) {
                    report(entry, steps);
                }
                due = collected.poll();
            }
        }

        /// Adds a report of each to `steps`.
        ///
        /// @throws OutOfMemoryError if there is none for that; the next call adds those that are
        ///   left
        void reportAll(StepList steps) {
            List.copyOf(pending).forEach(entry -> report(entry, steps));
        }

        private void report(Unobserved entry, StepList steps) {
            if (!pending.contains(entry)) {
                return;
            }
            String what = entry.what + ", whose failure nobody looked at";
            Callback report = () -> loop.reportUncaught(what, entry.failure);
            Step step = new CallbackStep(Context.EMPTY, report, "report of");
            // Only now, and that takes no memory.
            pending.remove(entry);
            steps.add(step);
        }
    }
}

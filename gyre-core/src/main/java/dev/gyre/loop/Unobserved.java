package dev.gyre.loop;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
        void reportCollected(StepList steps) {
            if (pending.isEmpty()) {
                return;
            }
            Reference<?> reference = collected.poll();
            while (reference instanceof Unobserved entry) {
                report(entry, steps);
                reference = collected.poll();
            }
        }

        void reportAll(StepList steps) {
            List.copyOf(pending).forEach(entry -> report(entry, steps));
        }

        private void report(Unobserved entry, StepList steps) {
            if (pending.remove(entry)) {
                String what = entry.what + ", whose failure nobody looked at";
                Callback report = () -> loop.reportUncaught(what, entry.failure);
                steps.add(new CallbackStep(Context.EMPTY, report, "report of"));
            }
        }
    }
}

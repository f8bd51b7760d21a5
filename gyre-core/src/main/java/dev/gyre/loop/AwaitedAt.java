package dev.gyre.loop;

import java.io.Serial;
import java.lang.ref.WeakReference;

/// Shows, as a suppressed exception of a failure born elsewhere, who was awaiting it.
final class AwaitedAt extends Exception {

    @Serial private static final long serialVersionUID = 1;

    /// How many awaiters are added to one failure: each trace costs memory.
    private static final int TRACES_MAX = 4;

    /// The task that was awaiting.
    private final transient WeakReference<Task<?>> awaiter;

    private AwaitedAt(Task<?> awaiter) {
        super("in " + awaiter);
        this.awaiter = new WeakReference<>(awaiter);
    }

    /// Adds the stack of the task that runs now to a failure.
    static void addTo(Throwable failure) {
        Task<?> task = Task.currentOrNull();
        if (task == null) {
            return;
        }
        int traces = 0;
        for (Throwable suppressed : failure.getSuppressed()) {
            if (suppressed instanceof AwaitedAt trace) {
                if (trace.awaiter.refersTo(task)) {
                    return;
                }
                traces++;
            }
        }
        if (traces < TRACES_MAX) {
            failure.addSuppressed(new AwaitedAt(task));
        }
    }
}

package dev.gyre.loop;

import java.util.Objects;

/// A callback of users' on its way to its turn.
final class CallbackStep extends Step {

    private final Callback callback;
    private final String kind;

    /// @param kind what the callback is, for the log, as in "callback" or "report of"
    CallbackStep(Context context, Callback callback, String kind) {
        super(context);
        this.callback = Objects.requireNonNull(callback, kind);
        this.kind = kind;
    }

    @Override
    boolean isBare() {
        return callback instanceof BareCallback;
    }

    @Override
    void run() throws Exception {
        callback.run();
    }

    @Override
    public String toString() {
        return kind + " " + callback;
    }
}

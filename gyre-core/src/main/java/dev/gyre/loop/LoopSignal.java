package dev.gyre.loop;

/// A signal that a loop listens to, as [IOLoop#onSignal] returns it.
public final class LoopSignal {

    private final IOLoop loop;
    private final String name;
    private final Callback callback;

    /// The context variables of whoever asked to be called.
    private final Context context;

    /// Whether the loop still listens. Loop thread.
    private boolean active = true;

    LoopSignal(IOLoop loop, String name, Callback callback) {
        this.loop = loop;
        this.name = name;
        this.callback = callback;
        this.context = loop.thread().context();
    }

    /// Stops listening; a delivery on its way is dropped. When nobody in the process listens to the
    /// signal any more, what it did before (usually: end the process) is in force again. Harmless
    /// when repeated. Loop thread only.
    public void remove() {
        loop.checkThread("LoopSignal.remove");
        if (active) {
            // First, since there may be no memory for it: then this can be called again.
            Signals.remove(this);
            active = false;
            loop.forget(this);
        }
    }

    /// Returns the name without its prefix, such as `INT`.
    public String name() {
        return name;
    }

    /// Hands the signal to the loop, as a callback. Called on the JVM's signal thread.
    void raised() {
        loop.thread().enqueue(new CallbackStep(context, this::deliver, "signal " + name + " for"));
    }

    private void deliver() throws Exception {
        if (active) {
            callback.run();
        }
    }

    @Override
    public String toString() {
        return "signal " + name;
    }
}

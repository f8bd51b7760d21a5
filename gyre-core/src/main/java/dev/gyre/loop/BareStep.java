package dev.gyre.loop;

/// A step that is the loop's own work, and runs on the bare thread: see [Step#isBare].
final class BareStep extends Step {

    private final Runnable work;

    BareStep(Runnable work) {
        super(Context.EMPTY);
        this.work = work;
    }

    @Override
    boolean isBare() {
        return true;
    }

    @Override
    void run() {
        work.run();
    }
}

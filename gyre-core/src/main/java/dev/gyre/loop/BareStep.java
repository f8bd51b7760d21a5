package dev.gyre.loop;

/// A step of the loop's own: see [Step#isBare].
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

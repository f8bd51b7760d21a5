package dev.gyre.loop;

/// The end of a task for which [IOLoop#runSync] started its loop: it stops that loop.
final class SyncEnd extends Step {

    private final IOLoop loop;

    /// True once that start of the loop has returned. The step may still be queued when the loop is
    /// started next, and must not stop that.
    private boolean over;

    SyncEnd(IOLoop loop) {
        super(Context.EMPTY);
        this.loop = loop;
    }

    void over() {
        over = true;
    }

    @Override
    boolean isBare() {
        return true;
    }

    @Override
    void run() {
        if (!over) {
            loop.stop();
        }
    }
}

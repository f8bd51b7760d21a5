package dev.gyre.loop;

/// The end of a task for which [IOLoop#runSync] started its loop: it stops that loop.
final class SyncEnd extends Step {

    private final IOLoop loop;

    /// True once that start has returned. The step may be left over for the next one, which it must
    /// not stop.
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

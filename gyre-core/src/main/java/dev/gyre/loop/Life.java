package dev.gyre.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/// The life of a loop: who may start and close it when, and what its end releases.
///
/// ```
/// STOPPED --start--> RUNNING --stop--> STOPPED --close--> CLOSING --> CLOSED
/// ```
///
/// Each change is one atomic step, which also hands all that belongs to the loop from one owning
/// thread to the next. What goes before such a step on the way out needs no memory, or may fail: a
/// loop that ends because there is none can be started again, or closed, and one that is closed
/// when there is none is closed.
final class Life {

    private enum State {
        STOPPED,
        RUNNING,
        CLOSING,
        CLOSED
    }

    private final LoopThread loop;
    private final Turn turn;
    private final HandlerTable handlers;
    private final Reports reports;
    private final AtomicReference<State> state = new AtomicReference<>(State.STOPPED);

    Life(LoopThread loop, Turn turn, HandlerTable handlers, Reports reports) {
        this.loop = loop;
        this.turn = turn;
        this.handlers = handlers;
        this.reports = reports;
    }

    boolean isClosing() {
        return state.get() == State.CLOSING;
    }

    /// Returns whether closing is over.
    boolean isOver() {
        return state.get() == State.CLOSED;
    }

    /// Runs turns on this thread until a stop is asked for.
    void start() {
        checkStartable();
        Rehearsal.once();
        State before = state.compareAndExchange(State.STOPPED, State.RUNNING);
        if (before != State.STOPPED) {
            throw notStartable(before);
        }
        try {
            loop.enter();
            turn.clock().started();
            while (!turn.isStopRequested()) {
                turn.take(Long.MAX_VALUE);
            }
            settlePoller();
        } catch (IOException e) {
            throw new UncheckedIOException(loop + " stopped, its poller failed", e);
        } finally {
            ended();
        }
    }

    /// What the poller cannot do now for want of memory, it does at the next start, or at the end.
    private void settlePoller() throws IOException {
        try {
            turn.settlePoller();
        } catch (OutOfMemoryError e) {
            reports.brokeOff(e);
        }
    }

    private void ended() {
        try {
            turn.reportUntold();
            turn.clock().stopped();
            handlers.forgetReady();
            handlers.sweep();
        } catch (OutOfMemoryError e) {
            // The table of handlers is swept again at the next end, or when it has doubled.
            reports.brokeOff(e);
        } finally {
            turn.forgetStop();
            loop.leave();
            state.set(State.STOPPED);
        }
    }

    void checkStartable() {
        State before = state.get();
        if (before != State.STOPPED) {
            throw notStartable(before);
        }
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    loop
                            + " cannot run on a virtual thread, such as that of a callback or task;"
                            + " start it on a platform thread");
        }
    }

    private IllegalStateException notStartable(State before) {
        String advice =
                before == State.RUNNING
                        ? "; code in one of its tasks can do the work itself, other threads hand it"
                                + " over by submit(...)"
                        : "";
        return new IllegalStateException(
                "%s cannot be started, it is %s%s"
                        .formatted(loop, before.name().toLowerCase(Locale.ROOT), advice));
    }

    /// Ends the coroutines and releases everything. Does nothing the second time.
    void close(Closing closing) {
        State before = state.compareAndExchange(State.STOPPED, State.CLOSING);
        if (before == State.RUNNING) {
            throw new IllegalStateException(
                    loop
                            + " is running; call stop() and let start() return before close()."
                            + " In a shutdown hook: loop.stop() and join() of the thread that runs"
                            + " it, which closes it");
        }
        if (before != State.STOPPED) {
            return;
        }
        try {
            closing.run();
        } finally {
            state.set(State.CLOSED);
            turn.closePoller();
        }
        closing.throwFailure();
    }

    void closeQueue() {
        turn.closeQueue();
    }

    void dropTurn() {
        turn.drop();
    }

    /// Takes one turn of a loop that closes, where a stop that was asked for before means nothing,
    /// and returns how many steps it ran. The clock may be one that stands still.
    int turnOfClosing() throws IOException {
        turn.forgetStop();
        return turn.take(Closing.GRACE.toNanos());
    }
}

package dev.gyre.verify.loop;

import dev.gyre.loop.Poller;
import java.nio.channels.SelectableChannel;

/// A poller of which one method throws, and which never waits.
final class FailingPoller implements Poller {

    static final String NOTHING = "";
    static final String POLL = "poll";
    static final String CLOSE = "close";

    private final Thrown thrown;
    private final String method;

    /// Written by the thread that closes the loop.
    private volatile boolean closed;

    /// @param method which method throws
    FailingPoller(Thrown thrown, String method) {
        this.thrown = thrown;
        this.method = method;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public Watch watch(SelectableChannel channel, int events, Target target) {
        throw new UnsupportedOperationException("nothing can be watched here");
    }

    @Override
    public void poll(long timeoutNanos) {
        failIfThis(POLL);
    }

    @Override
    public void wakeup() {
        // There is nobody to wake: the poller never waits.
    }

    @Override
    public void close() {
        closed = true;
        failIfThis(CLOSE);
    }

    private void failIfThis(String called) {
        if (called.equals(method)) {
            throw thrown.thrown();
        }
    }
}

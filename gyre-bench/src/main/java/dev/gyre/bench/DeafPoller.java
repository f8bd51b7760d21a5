package dev.gyre.bench;

import dev.gyre.loop.Poller;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A poller that watches nothing and makes no system call, unless it has to wait.
final class DeafPoller implements Poller {

    /// The thread in [#poll]. Null before the first one.
    private volatile @Nullable Thread waiting;

    @Override
    public Watch watch(SelectableChannel channel, int events, Target target) {
        throw new UnsupportedOperationException("watches nothing");
    }

    @Override
    public void poll(long timeoutNanos) {
        if (timeoutNanos > 0) {
            waiting = Thread.currentThread();
            LockSupport.parkNanos(this, timeoutNanos);
        }
    }

    @Override
    public void wakeup() {
        LockSupport.unpark(waiting);
    }

    @Override
    public void close() {}
}

package dev.gyre.verify.stress;

import dev.gyre.loop.Poller;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A poller without channels, so cheap that every iteration of a stress test may have its own.
///
/// A loop that sleeps much longer than any thread of a test is held up has missed its wake-up. The
/// poll then fails, which ends the loop: the test has a result, where a selector would hang.
final class ParkingPoller implements Poller {

    /// The sleep that counts as a missed wake-up: longer than a loaded machine withholds the
    /// processor from a thread.
    private static final long OVERSLEPT_NANOS = 10_000_000_000L;

    /// How often a poll looks before it parks. Parking takes far longer than the races we are
    /// after.
    private static final int LOOKS_BEFORE_PARKING = 100;

    private final AtomicInteger closeCount = new AtomicInteger();

    /// Set by [#wakeup] on any thread; cleared by the poll that it ends. The volatile write is seen
    /// by the poll that is under way or by the next one, as [Poller#wakeup] demands.
    private volatile boolean woken;

    /// The thread that parks or is about to; null outside of a waiting poll.
    private volatile @Nullable Thread sleeper;

    @Override
    public Watch watch(SelectableChannel channel, int events, Target target) {
        throw new UnsupportedOperationException("this poller watches no channels");
    }

    @Override
    public void poll(long timeoutNanos) throws IOException {
        if (closeCount() > 0) {
            throw new IOException("polled after close");
        }
        if (timeoutNanos > 0) {
            sleep();
        }
        woken = false;
    }

    private void sleep() throws IOException {
        for (int look = 0; look < LOOKS_BEFORE_PARKING && !woken; look++) {
            Thread.onSpinWait();
        }
        sleeper = Thread.currentThread();
        long begin = System.nanoTime();
        while (!woken) {
            long left = OVERSLEPT_NANOS - (System.nanoTime() - begin);
            if (left <= 0) {
                throw new IOException("overslept");
            }
            LockSupport.parkNanos(this, left);
        }
        sleeper = null;
    }

    @Override
    public void wakeup() {
        woken = true;
        LockSupport.unpark(sleeper);
    }

    @Override
    public void close() {
        closeCount.incrementAndGet();
    }

    int closeCount() {
        return closeCount.get();
    }
}

package dev.gyre.testing;

import dev.gyre.loop.Poller;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The poller of a [TestLoop]: it hands each wait of the loop to the test, and knows which channels
/// are watched.
///
/// A loop that wants to wait has nothing left to run. That is all the test needs to know about the
/// loop's inside, and a poller can see it.
final class DrivenPoller implements Poller {

    private final Poller inner;
    private final Set<Watched> watches = new LinkedHashSet<>();

    /// Decides what a wait comes to. Set by the test's thread while the loop stands still.
    private Driver driver = (timeoutNanos, poller) -> poller.look(timeoutNanos);

    /// How many targets the poll under way has told.
    private int told;

    /// Whether somebody woke the loop since the last poll. Set by the waker before it wakes, read
    /// after the wait by the loop's thread, which then knows that its queue is worth another look.
    private volatile boolean woken;

    DrivenPoller(Poller inner) {
        this.inner = inner;
    }

    /// Takes part in each poll of the loop.
    @FunctionalInterface
    interface Driver {

        /// Polls in the way that suits the test, and stops the loop when it has come far enough.
        void poll(long timeoutNanos, DrivenPoller poller) throws IOException;
    }

    void drivenBy(Driver newDriver) {
        driver = newDriver;
    }

    /// Waits in the real poller.
    ///
    /// @return whether there is something to do now: a channel is ready, or somebody woke the loop
    boolean look(long timeoutNanos) throws IOException {
        inner.poll(timeoutNanos);
        return told > 0 || woken;
    }

    /// Returns the channels that are still watched, in words, in the order of registration.
    List<String> watched() {
        return watches.stream()
                .filter(watch -> watch.channel.isOpen())
                .map(watch -> watch.channel.toString())
                .toList();
    }

    @Override
    public Watch watch(SelectableChannel channel, int events, Target target) throws IOException {
        Watch watch =
                inner.watch(
                        channel,
                        events,
                        ready -> {
                            told++;
                            target.ready(ready);
                        });
        Watched watched = new Watched(channel, watch);
        watches.add(watched);
        return watched;
    }

    @Override
    public void poll(long timeoutNanos) throws IOException {
        told = 0;
        driver.poll(timeoutNanos, this);
        // Whoever wakes the loop from here on finds it awake: it looks at its queue anyway.
        woken = false;
    }

    @Override
    public boolean isDriven() {
        return true;
    }

    @Override
    public void wakeup() {
        woken = true;
        inner.wakeup();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }

    private final class Watched implements Watch {

        private final SelectableChannel channel;
        private final Watch watch;

        Watched(SelectableChannel channel, Watch watch) {
            this.channel = channel;
            this.watch = watch;
        }

        @Override
        public void events(int events) {
            watch.events(events);
        }

        @Override
        public void cancel() {
            watches.remove(this);
            watch.cancel();
        }
    }
}

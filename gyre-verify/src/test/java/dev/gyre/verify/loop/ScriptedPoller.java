package dev.gyre.verify.loop;

import dev.gyre.loop.Poller;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/// A poller in which the test plays the kernel. It never waits, tells exactly what it was told to
/// tell, and keeps a record of what the loop asked for.
final class ScriptedPoller implements Poller {

    private final List<Watched> watches = new ArrayList<>();
    private final List<Runnable> script = new ArrayList<>();
    private final List<Long> timeouts = new ArrayList<>();

    /// Counted on any thread.
    private final AtomicInteger wakeups = new AtomicInteger();

    private LongConsumer onPoll = timeoutNanos -> {};
    private boolean closed;

    /// Lets the next poll find the channel ready, after those of earlier calls.
    void ready(SelectableChannel channel, int events) {
        script.add(() -> latest(channel).target.ready(events));
    }

    /// Lets the next poll tell a target whose watch has been cancelled since this call.
    void readyInSpiteOfCancel(SelectableChannel channel, int events) {
        Watched watched = latest(channel);
        script.add(() -> watched.target.ready(events));
    }

    private Watched latest(SelectableChannel channel) {
        return watches.stream()
                .filter(watched -> watched.channel.equals(channel))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /// Replaces what happens in each poll before it tells anything.
    void onPoll(LongConsumer hook) {
        onPoll = hook;
    }

    /// Returns what the polls so far would have waited for, in nanoseconds.
    List<Long> timeouts() {
        return timeouts;
    }

    int wakeups() {
        return wakeups.get();
    }

    boolean isClosed() {
        return closed;
    }

    /// Returns what the channel is watched for now.
    int events(SelectableChannel channel) {
        return latest(channel).events;
    }

    boolean isWatched(SelectableChannel channel) {
        return watches.stream()
                .anyMatch(watched -> watched.channel.equals(channel) && !watched.cancelled);
    }

    @Override
    public Watch watch(SelectableChannel channel, int events, Target target) {
        Watched watched = new Watched(channel, events, target);
        watches.add(watched);
        return watched;
    }

    @Override
    public void poll(long timeoutNanos) {
        timeouts.add(timeoutNanos);
        onPoll.accept(timeoutNanos);
        List<Runnable> now = List.copyOf(script);
        script.clear();
        now.forEach(Runnable::run);
    }

    @Override
    public boolean isDriven() {
        return true;
    }

    @Override
    public void wakeup() {
        wakeups.incrementAndGet();
    }

    @Override
    public void close() {
        closed = true;
    }

    private static final class Watched implements Watch {

        private final SelectableChannel channel;
        private final Target target;
        private int events;
        private boolean cancelled;

        Watched(SelectableChannel channel, int events, Target target) {
            this.channel = channel;
            this.events = events;
            this.target = target;
        }

        @Override
        public void events(int wanted) {
            events = wanted;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}

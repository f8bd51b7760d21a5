package dev.gyre.loop;

import dev.gyre.loop.HandlerState.Event;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One registered channel: its handler, what it waits for, and how often it has failed in a row.
///
/// The entry is the step that the loop runs when the channel is ready, hence one call per channel
/// and turn. [HandlerState] has the table of its states.
final class HandlerEntry<C extends SelectableChannel> extends Step implements Poller.Target {

    /// The longest pause between two calls of a failing handler.
    private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

    /// So many doublings of a millisecond exceed `PAUSE_MAX`.
    private static final int DOUBLINGS_MAX = 10;

    private final HandlerTable table;
    private final C channel;
    private final Handler<? super C> handler;

    /// The poller's watch over the channel; set once, right after construction.
    private Poller.@Nullable Watch watch;

    /// The events that the user wants to hear of, as a mask.
    private int wanted;

    /// The events that are ready and not yet handled in this turn; 0 exactly while this step is in
    /// no list.
    private int readyEvents;

    private HandlerState state = HandlerState.WATCHED;

    /// How many calls in a row have thrown.
    private int failures;

    /// The end of the pause after a repeated failure; null unless the handler is paused.
    private @Nullable LoopTimer pause;

    HandlerEntry(HandlerTable table, C channel, Handler<? super C> handler) {
        super(table.loop().context());
        this.table = table;
        this.channel = channel;
        this.handler = handler;
    }

    C channel() {
        return channel;
    }

    void watch(Poller poller, int events) throws IOException {
        wanted = events;
        watch = poller.watch(channel, events, this);
    }

    void events(int events) {
        wanted = events;
        if (state.isWatched()) {
            tellPoller(events);
        }
    }

    /// Called when this entry no longer handles its channel.
    void removed() {
        state = state.after(Event.REMOVED);
        if (pause != null) {
            pause.cancel();
            pause = null;
        }
        if (watch != null) {
            watch.cancel();
        }
    }

    @Override
    public void ready(int events) {
        if (readyEvents == 0 && events != 0) {
            table.ready(this);
        }
        readyEvents |= events;
    }

    void forgetReady() {
        readyEvents = 0;
    }

    @Override
    boolean isBare() {
        return handler instanceof BareHandler;
    }

    @Override
    void run() throws Exception {
        // Events that an earlier handler of this turn has unsubscribed from, and those of a channel
        // that it has removed or closed, are not reported.
        int events = readyEvents & wanted;
        readyEvents = 0;
        if (events == 0 || !isAlive()) {
            return;
        }
        if (state == HandlerState.WATCHED) {
            callOnce(events);
            return;
        }
        HandlerState before = state;
        state = before.after(Event.READY);
        if (before == HandlerState.IN_CALL) {
            tellPoller(IOLoop.NONE);
        }
    }

    private void callOnce(int events) throws IOException {
        state = state.after(Event.READY);
        try {
            call(events);
        } finally {
            boolean wasSilenced = state == HandlerState.SILENCED;
            state = state.after(Event.CALL_ENDED);
            if (wasSilenced) {
                watchAgain();
            }
        }
    }

    private void watchAgain() {
        if (channel.isOpen()) {
            tellPoller(wanted);
        }
    }

    private void call(int events) throws IOException {
        boolean connecting = channel instanceof SocketChannel socket && !socket.isConnected();
        try {
            handler.handle(channel, events);
            failures = 0;
        } catch (IOException failure) {
            try {
                reportAsError(failure, connecting);
            } finally {
                failed(failure);
            }
        } catch (Throwable failure) {
            failed(failure);
            throw failure;
        }
    }

    /// Calls the handler with ERROR, as the kernel would have done where it reports errors. A
    /// connect that failed has closed its channel by now, and the handler must hear of it all the
    /// same.
    private void reportAsError(IOException failure, boolean connecting) throws IOException {
        if (state == HandlerState.REMOVED || !(channel.isOpen() || connecting)) {
            // The handler removed or closed the channel itself, so there is nobody left to be told
            // with ERROR.
            throw failure;
        }
        try {
            handler.handle(channel, IOLoop.ERROR);
        } catch (Throwable second) {
            if (second != failure) {
                second.addSuppressed(failure);
            }
            throw second;
        }
    }

    private boolean isAlive() {
        return state != HandlerState.REMOVED && channel.isOpen();
    }

    /// Counts a failure of the handler. From the second in a row on, the handler is left alone for
    /// a while, or a channel that nobody reads would make the loop spin and the log grow at full
    /// speed.
    private void failed(Throwable failure) {
        failures++;
        if (failures == 1 || !isAlive()) {
            return;
        }
        if (failures >= IOLoop.HANDLER_FAILURES_MAX && !mayRecover(failure)) {
            drop(failure);
            return;
        }
        Duration doubled = Duration.ofMillis(1L << Math.min(failures - 2, DOUBLINGS_MAX));
        // First, since it takes memory: a handler that is paused and never resumed is lost.
        pause =
                table.timers()
                        .after(
                                doubled.compareTo(PAUSE_MAX) < 0 ? doubled : PAUSE_MAX,
                                new Resumption(this));
        state = state.after(Event.FAILED_AGAIN);
        tellPoller(IOLoop.NONE);
    }

    private void drop(Throwable failure) {
        String what = Channels.describe(channel);
        table.remove(channel);
        Channels.closeQuietly(channel);
        Logs.GENERAL.log(
                Level.ERROR,
                "%s: closed %s, because its handler failed %d times in a row"
                        .formatted(table.loop().name(), what, failures),
                failure);
    }

    /// Returns whether the failure is the machine's and may pass. A listener that cannot accept,
    /// since descriptors have run out (EMFILE and ENFILE in accept(2)), must still be there when
    /// some are free again.
    private boolean mayRecover(Throwable failure) {
        return failure instanceof IOException && channel instanceof ServerSocketChannel;
    }

    /// Has the classes loaded that a first pause needs, and who gives a channel up, before a loop
    /// runs: the handler of a channel may fail on the bare thread.
    static void load() {
        Resumption.load();
        Channels.load();
    }

    /// The end of a pause. No lambda, since that would be linked at the first pause of all.
    private record Resumption(HandlerEntry<?> entry) implements BareCallback {

        static void load() {
            // That this is called is all that it is for.
        }

        @Override
        public void run() {
            entry.resume();
        }

        @Override
        public String toString() {
            return "the end of the pause of a " + entry;
        }
    }

    private void resume() {
        state = state.after(Event.PAUSE_OVER);
        pause = null;
        watchAgain();
    }

    private void tellPoller(int events) {
        if (watch != null) {
            watch.events(events);
        }
    }

    @Override
    public String toString() {
        return "handler of " + Channels.describe(channel);
    }
}

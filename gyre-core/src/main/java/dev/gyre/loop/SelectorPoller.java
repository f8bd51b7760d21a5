package dev.gyre.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/// The poller of the platform, through [Selector].
///
/// Three things about selectors shape this class.
///
/// **The bits differ.** READ and WRITE equal `OP_READ` and `OP_WRITE` by luck, but a listener needs
/// `OP_ACCEPT` for READ, and a socket that is not connected yet needs `OP_CONNECT` and nothing
/// else: with `OP_READ` or `OP_WRITE` on such a socket the kernel reports readiness that the
/// selector then withholds (`SocketChannelImpl.translateReadyOps`), and the loop spins. So the mask
/// is mapped for each channel, and mapped again once it is connected.
///
/// **Nobody says when a socket is connected.** Usually `finishConnect` is called in the handler
/// that was told; hence [#fired]. When somebody else calls it, the selector goes on waking up for
/// an `OP_CONNECT` that it never reports. So each poll looks at some of the connecting sockets, and
/// a poll that returns with nothing looks at all of them.
///
/// **Cancelling is lazy.** A cancelled key stays with its channel until the next select.
/// Registering that channel again before throws; and a channel that is closed keeps its socket so
/// long, hence its port: a listener goes on taking connections, and nobody else can bind. So
/// [#watch] selects once in the first case, and the end of a watch in the second. The end of the
/// watch of an established connection does not select: it has no port that others wait for, and a
/// thousand may end in one turn, when each select looks at all that is ready. Selecting may swallow
/// a wake-up, which does no harm: the loop looks at its queue before it sleeps, and readiness is
/// level-triggered, as in epoll(7).
final class SelectorPoller implements Poller {

    private static final int CONNECT = SelectionKey.OP_CONNECT;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /// How many connecting sockets a poll looks at: few, so that thousands of them cost nothing.
    private static final int LOOKS_PER_POLL = 16;

    private final Selector selector;
    private final Consumer<SelectionKey> onReady = this::tell;

    /// The watches whose socket was not connected when last looked at, the next to look at first.
    private final Queue<Watched> connecting = new ArrayDeque<>();

    /// The connecting watches whose target was told in the last poll: their handlers may have
    /// called `finishConnect`.
    private final List<Watched> fired = new ArrayList<>();

    private SelectorPoller(Selector selector) {
        this.selector = selector;
    }

    static SelectorPoller open() {
        try {
            return new SelectorPoller(Selector.open());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a selector: " + Logs.message(e), e);
        }
    }

    @Override
    public Watch watch(SelectableChannel channel, int events, Target target) throws IOException {
        SelectionKey cancelled = channel.keyFor(selector);
        if (cancelled != null && !cancelled.isValid()) {
            releaseCancelled();
        }
        SelectionKey key = channel.register(selector, 0);
        Watched watched = new Watched(key, target);
        key.attach(watched);
        watched.events(events);
        return watched;
    }

    /// Has the selector let go of the channels of cancelled keys. Channels that are ready are told
    /// of by the next poll.
    private void releaseCancelled() throws IOException {
        selector.selectNow(ready -> {});
    }

    @Override
    public void poll(long timeoutNanos) throws IOException {
        if (!fired.isEmpty()) {
            fired.forEach(Watched::refresh);
            fired.clear();
        }
        lookAtConnecting(LOOKS_PER_POLL);
        int told = select(timeoutNanos);
        if (told == 0) {
            lookAtConnecting(Integer.MAX_VALUE);
        }
    }

    private void lookAtConnecting(int looksMax) {
        for (int looks = Math.min(looksMax, connecting.size()); looks > 0; looks--) {
            Watched watched = connecting.remove();
            watched.queued = false;
            watched.refresh();
        }
    }

    private int select(long timeoutNanos) throws IOException {
        if (timeoutNanos <= 0) {
            return selector.selectNow(onReady);
        }
        if (timeoutNanos == Long.MAX_VALUE) {
            return selector.select(onReady);
        }
        // The time is rounded up: a loop that wakes early would find no timer due and poll again at
        // once.
        long millis = 1 + (timeoutNanos - 1) / NANOS_PER_MILLI;
        return selector.select(onReady, millis);
    }

    private void tell(SelectionKey key) {
        if (key.attachment() instanceof Watched watched) {
            watched.tell();
        }
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }

    /// Returns the class of the selector, which names the mechanism.
    @Override
    public String toString() {
        return selector.getClass().getName();
    }

    private final class Watched implements Watch {

        private final SelectionKey key;
        private final Target target;

        /// The events that the loop asked for last.
        private int events;

        /// Whether this watch is in `connecting`.
        private boolean queued;

        /// Whether the channel is a socket that was connecting when last looked at.
        private boolean wasConnecting;

        Watched(SelectionKey key, Target target) {
            this.key = key;
            this.target = target;
        }

        @Override
        public void events(int wanted) {
            events = wanted;
            refresh();
        }

        /// Tells the selector what `events` means for the channel as it is now.
        void refresh() {
            int ops = ops(key.channel(), events);
            try {
                if (key.interestOps() != ops) {
                    key.interestOps(ops);
                }
            } catch (CancelledKeyException e) {
                // Somebody closed the channel, on whatever thread: there is nothing to watch.
                return;
            }
            if (ops != 0) {
                wasConnecting = ops == CONNECT;
            }
            if (ops == CONNECT && !queued) {
                queued = true;
                connecting.add(this);
            }
        }

        void tell() {
            int readyOps;
            try {
                readyOps = key.readyOps();
            } catch (CancelledKeyException e) {
                // The channel was closed by another thread in the middle of this poll.
                return;
            }
            int ready = 0;
            if ((readyOps & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0) {
                ready |= IOLoop.READ;
            }
            if ((readyOps & SelectionKey.OP_WRITE) != 0) {
                ready |= IOLoop.WRITE;
            }
            if ((readyOps & CONNECT) != 0) {
                fired.add(this);
                // A handler that asked for READ alone still hears that the connect ended.
                ready |= (events & IOLoop.WRITE) != 0 ? IOLoop.WRITE : IOLoop.READ;
            }
            target.ready(ready);
        }

        @Override
        public void cancel() {
            key.cancel();
            if (mayHoldPort() && key.channel().keyFor(selector) == key) {
                try {
                    releaseCancelled();
                } catch (IOException e) {
                    // The next poll meets the failure too, and ends the loop.
                    return;
                }
            }
        }

        /// Returns whether the channel, if it is closed now, has a port for which others may wait.
        private boolean mayHoldPort() {
            return key.channel() instanceof SocketChannel
                    ? wasConnecting
                    : key.channel() instanceof NetworkChannel;
        }

        private static int ops(SelectableChannel channel, int events) {
            if (events == IOLoop.NONE) {
                return 0;
            }
            if (channel instanceof SocketChannel socket && !socket.isConnected()) {
                return CONNECT;
            }
            int ops = 0;
            if ((events & IOLoop.READ) != 0) {
                ops |= channel.validOps() & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT);
            }
            if ((events & IOLoop.WRITE) != 0) {
                ops |= channel.validOps() & SelectionKey.OP_WRITE;
            }
            return ops;
        }
    }
}

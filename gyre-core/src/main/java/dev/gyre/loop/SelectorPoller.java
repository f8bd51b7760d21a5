package dev.gyre.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The poller of the platform, through [Selector].
///
/// Three things about selectors shape this class.
///
/// **The bits differ.** READ and WRITE equal `OP_READ` and `OP_WRITE` by luck, but a listener needs
/// `OP_ACCEPT` for READ, and a socket that is not connected yet needs `OP_CONNECT` and nothing
/// else: with `OP_READ` or `OP_WRITE` on it the kernel reports readiness that the selector then
/// withholds, and the loop spins. So the mask is mapped for each channel, and mapped again once it
/// is connected.
///
/// **Nobody says when a socket is connected.** Usually that happens in the handler that was told;
/// hence [#fired]. When somebody else calls `finishConnect`, the selector goes on waking up for an
/// `OP_CONNECT` that it never reports; a poll that returns with nothing therefore looks at all
/// connecting sockets.
///
/// **Cancelling is lazy.** A cancelled key stays with its channel until the next select, and
/// registering that channel again before throws. So [#watch] selects once in that case. This may
/// swallow a wake-up, which does no harm: the loop looks at its queue before it sleeps, and
/// readiness is level-triggered.
final class SelectorPoller implements Poller {

    private static final int CONNECT = SelectionKey.OP_CONNECT;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Selector selector;
    private final Consumer<SelectionKey> onReady = this::tell;

    /// The watches whose socket was not connected when last looked at.
    private final Set<Watched> connecting = new HashSet<>();

    /// Those of them whose target was told in the last poll: their handlers may have connected.
    private final List<Watched> fired = new ArrayList<>();

    private SelectorPoller(Selector selector) {
        this.selector = selector;
    }

    static SelectorPoller open() {
        try {
            return new SelectorPoller(Selector.open());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a selector: " + e.getMessage(), e);
        }
    }

    @Override
    public Watch watch(SelectableChannel channel, int events, Target target) throws IOException {
        SelectionKey cancelled = channel.keyFor(selector);
        if (cancelled != null && !cancelled.isValid()) {
            selector.selectNow();
            selector.selectedKeys().clear();
        }
        SelectionKey key = channel.register(selector, 0);
        Watched watched = new Watched(key, target);
        key.attach(watched);
        watched.events(events);
        return watched;
    }

    @Override
    public void poll(long timeoutNanos) throws IOException {
        if (!fired.isEmpty()) {
            fired.forEach(Watched::refresh);
            fired.clear();
        }
        int told = select(timeoutNanos);
        if (told == 0 && !connecting.isEmpty()) {
            List.copyOf(connecting).forEach(Watched::refresh);
        }
    }

    private int select(long timeoutNanos) throws IOException {
        if (timeoutNanos <= 0) {
            return selector.selectNow(onReady);
        }
        if (timeoutNanos == Long.MAX_VALUE) {
            return selector.select(onReady);
        }
        // Rounded up: a loop that wakes early would find no timer due and poll again at once.
        long millis = 1 + (timeoutNanos - 1) / NANOS_PER_MILLI;
        return selector.select(onReady, millis);
    }

    private void tell(SelectionKey key) {
        if (key.attachment() instanceof Watched watched) {
            watched.tell(key.readyOps());
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

        /// What the loop asked for last.
        private int events;

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
            if (!key.isValid()) {
                connecting.remove(this);
                return;
            }
            int ops = ops(key.channel(), events);
            if (ops == CONNECT) {
                connecting.add(this);
            } else if (!connecting.isEmpty()) {
                connecting.remove(this);
            }
            if (key.interestOps() != ops) {
                key.interestOps(ops);
            }
        }

        void tell(int readyOps) {
            int ready = 0;
            if ((readyOps & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0) {
                ready |= IOLoop.READ;
            }
            if ((readyOps & SelectionKey.OP_WRITE) != 0) {
                ready |= IOLoop.WRITE;
            }
            if ((readyOps & CONNECT) != 0) {
                fired.add(this);
                // Who asked for READ alone still hears that the connect ended.
                ready |= (events & IOLoop.WRITE) != 0 ? IOLoop.WRITE : IOLoop.READ;
            }
            target.ready(ready);
        }

        @Override
        public void cancel() {
            connecting.remove(this);
            key.cancel();
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

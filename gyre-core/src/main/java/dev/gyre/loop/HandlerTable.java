package dev.gyre.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.IdentityHashMap;
import java.util.List;

/// The channels registered with a loop and their handlers.
///
/// A channel that its user closes without removing the handler is forgotten by the selector at
/// once, and by this table in a sweep whenever the table has doubled, so the cost of sweeping is
/// spread evenly.
final class HandlerTable {

    /// From this size on the table is swept for closed channels each time it has doubled.
    private static final int SWEEP_MIN = 64;

    private final LoopThread loop;
    private final Poller poller;
    private final TimerHeap timers;
    private final StepList ready;
    private final IdentityHashMap<SelectableChannel, HandlerEntry<?>> entries =
            new IdentityHashMap<>();

    /// The size of the table at which the next sweep is due.
    private int sweepAt = SWEEP_MIN;

    /// @param ready where the entries of ready channels are put, in the poller's order
    HandlerTable(LoopThread loop, Poller poller, TimerHeap timers, StepList ready) {
        this.loop = loop;
        this.poller = poller;
        this.timers = timers;
        this.ready = ready;
    }

    /// Returns how many channels are registered. Asked on a foreign thread, channels that were
    /// closed without removing their handler count until the next sweep.
    int count() {
        if (loop.isOwnedBy(Thread.currentThread())) {
            sweep();
        }
        return entries.size();
    }

    <C extends SelectableChannel> void add(C channel, Handler<? super C> handler, int events) {
        checkEvents(channel, events);
        if (!channel.isOpen()) {
            throw new UncheckedIOException(
                    "%s cannot be watched".formatted(Channels.describe(channel)),
                    new ClosedChannelException());
        }
        HandlerEntry<?> present = entries.get(channel);
        if (present != null) {
            throw new IllegalStateException(
                    "%s has a handler on %s already; use updateHandler, or removeHandler first"
                            .formatted(Channels.describe(channel), loop));
        }
        if (channel.isBlocking()) {
            throw new IllegalArgumentException(
                    "%s is in blocking mode; call configureBlocking(false) before addHandler"
                            .formatted(Channels.describe(channel)));
        }
        if (entries.size() >= sweepAt) {
            sweep();
        }
        HandlerEntry<C> entry = new HandlerEntry<>(this, channel, handler);
        try {
            entry.watch(poller, events & ~IOLoop.ERROR);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot watch %s: %s".formatted(Channels.describe(channel), e), e);
        }
        entries.put(channel, entry);
    }

    void update(SelectableChannel channel, int events) {
        checkEvents(channel, events);
        HandlerEntry<?> entry = entries.get(channel);
        if (!channel.isOpen()) {
            throw new IllegalStateException(
                    "%s is closed, and so its handler is removed"
                            .formatted(Channels.describe(channel)));
        }
        if (entry == null) {
            throw new IllegalStateException(
                    "%s has no handler on %s; use addHandler"
                            .formatted(Channels.describe(channel), loop));
        }
        entry.events(events & ~IOLoop.ERROR);
    }

    void remove(SelectableChannel channel) {
        HandlerEntry<?> entry = entries.remove(channel);
        if (entry != null) {
            entry.removed();
        }
    }

    LoopThread loop() {
        return loop;
    }

    TimerHeap timers() {
        return timers;
    }

    void ready(HandlerEntry<?> entry) {
        ready.add(entry);
    }

    /// Forgets readiness that no handler was told of: one that hears of it later could be told of
    /// what is gone.
    void forgetReady() {
        for (Step step = ready.poll(); step != null; step = ready.poll()) {
            if (step instanceof HandlerEntry<?> entry) {
                entry.forgetReady();
            }
        }
    }

    /// Removes all handlers and closes their channels.
    void close() {
        // Copied, because the close method of a user's channel may remove its own handler.
        for (SelectableChannel channel : List.copyOf(entries.keySet())) {
            try {
                removeQuietly(channel);
            } finally {
                Channels.closeQuietly(channel);
            }
        }
    }

    private void removeQuietly(SelectableChannel channel) {
        try {
            remove(channel);
        } catch (Throwable e) {
            // What the poller throws must not keep the loop from being closed.
            Logs.GENERAL.log(Level.WARNING, loop + ": the poller failed to let a channel go", e);
        }
    }

    /// Forgets the channels that were closed without removing their handler.
    void sweep() {
        for (HandlerEntry<?> entry : List.copyOf(entries.values())) {
            if (!entry.channel().isOpen()) {
                remove(entry.channel());
            }
        }
        sweepAt = Math.max(SWEEP_MIN, entries.size() * 2);
    }

    private static void checkEvents(SelectableChannel channel, int events) {
        int error = events & IOLoop.ERROR;
        if ((events & ~(IOLoop.READ | IOLoop.WRITE | IOLoop.ERROR)) != 0
                || (error != 0 && error != IOLoop.ERROR)) {
            throw new IllegalArgumentException(
                    "0x%x is not a mask of READ, WRITE and ERROR".formatted(events));
        }
        if (events != IOLoop.NONE
                && channel instanceof SocketChannel socket
                && socket.isOpen()
                && !socket.isConnected()
                && !socket.isConnectionPending()) {
            // For a socket whose connect has not begun the kernel reports a hang-up again and
            // again, whatever it is watched for (EPOLLHUP in epoll_ctl(2)).
            throw new IllegalStateException(
                    "a SocketChannel was to be watched before its connect; call connect first");
        }
        int valid = channel.validOps();
        checkDirection(channel, events & IOLoop.READ, "READ", valid & ~SelectionKey.OP_WRITE);
        checkDirection(channel, events & IOLoop.WRITE, "WRITE", valid & SelectionKey.OP_WRITE);
    }

    private static void checkDirection(
            SelectableChannel channel, int wanted, String name, int validOps) {
        if (wanted != 0 && validOps == 0) {
            throw new IllegalArgumentException(
                    "%s can never be ready to %s".formatted(Channels.describe(channel), name));
        }
    }
}

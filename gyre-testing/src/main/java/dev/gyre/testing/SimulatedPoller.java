package dev.gyre.testing;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Poller;
import dev.gyre.loop.Task;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The poller of a simulated host: a loop that wants to wait in it is stopped, and goes on when the
/// [Simulation] lets it.
final class SimulatedPoller implements Poller {

    /// How many turns a host may take at one moment: more than a program takes that ever waits for
    /// anything.
    private static final int TURNS_MAX = 1_000_000;

    /// How long, in real time, a loop is waited for whose coroutines are held up in the JDK: much
    /// longer than anybody takes to look at the stack of one, or has a lock of the class loader,
    /// and shorter than [BlockedCallWatch] takes to find that this thread waits.
    private static final long AWAY_NANOS_MAX = 1_000_000_000;

    private final Simulation simulation;
    private final Set<Watched> watches = new LinkedHashSet<>();

    /// Counts the wake-ups, which come from other threads: when a coroutine goes on that the JDK
    /// held up, or, at the end of a loop, a call that was blocked in the JDK.
    private final Semaphore wakeups = new Semaphore(0);

    /// The loop of the host; set once, when it has been made.
    private @Nullable IOLoop loop;

    /// When the loop wants to go on for a timer.
    private long nextTimer = Long.MAX_VALUE;

    /// How many turns the loop has taken since it was last idle.
    private int turns;

    private boolean closing;

    SimulatedPoller(Simulation simulation) {
        this.simulation = simulation;
    }

    void loop(IOLoop newLoop) {
        loop = newLoop;
    }

    private IOLoop loop() {
        return Objects.requireNonNull(loop, "loop");
    }

    long nextTimer() {
        return nextTimer;
    }

    void closing() {
        closing = true;
    }

    @Override
    public Watch watch(SelectableChannel channel, int events, Target target) {
        if (channel instanceof SimulatedServerSocket socket) {
            Watched watched = new Watched(socket, target, events);
            watches.add(watched);
            return watched;
        }
        throw new UnsupportedOperationException(
                channel
                        + " is real, and in a simulation nothing is; take connections from"
                        + " TcpClient and TcpServer, or from Network.LOCAL");
    }

    @Override
    public void poll(long timeoutNanos) {
        if (closing) {
            await(timeoutNanos);
            return;
        }
        turns++;
        List<Watched> ready = ready();
        ready.forEach(watched -> watched.target.ready(IOLoop.READ));
        if (timeoutNanos > 0 && ready.isEmpty() && !isWoken()) {
            turns = 0;
            nextTimer =
                    timeoutNanos == Long.MAX_VALUE
                            ? Long.MAX_VALUE
                            : simulation.nanos() + timeoutNanos;
            loop().stop();
        } else if (turns > TURNS_MAX) {
            throw new IllegalStateException(
                    "%s is not idle after %d turns in one moment: a callback keeps adding callbacks"
                            .formatted(loop, TURNS_MAX));
        }
    }

    /// Returns whether a poll would find a socket ready.
    boolean isReady() {
        return watches.stream().anyMatch(Watched::isReady);
    }

    /// Returns the watches whose sockets have a connection to accept, in an order that is drawn.
    private List<Watched> ready() {
        List<Watched> ready = new ArrayList<>();
        for (Watched watched : watches) {
            if (watched.isReady()) {
                ready.add(watched);
            }
        }
        if (ready.size() > 1) {
            Collections.shuffle(ready, Random.from(simulation.random()));
        }
        return ready;
    }

    /// Returns whether another thread woke the loop, which had to wait for that.
    private boolean isWoken() {
        return (!loop().isIdle() || isBlocked(loop())) && await(AWAY_NANOS_MAX);
    }

    private static boolean isBlocked(IOLoop loop) {
        for (Task<?> task : loop.tasks()) {
            if (task.isBlocked()) {
                return true;
            }
        }
        return false;
    }

    private boolean await(long timeoutNanos) {
        try {
            return wakeups.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean isDriven() {
        return true;
    }

    @Override
    public void wakeup() {
        wakeups.release();
    }

    @Override
    public void close() {
        nextTimer = Long.MAX_VALUE;
    }

    private final class Watched implements Watch {

        private final SimulatedServerSocket socket;
        private final Target target;

        /// The events that the loop watches for, as a mask.
        private int wanted;

        Watched(SimulatedServerSocket socket, Target target, int wanted) {
            this.socket = socket;
            this.target = target;
            this.wanted = wanted;
        }

        boolean isReady() {
            return (wanted & IOLoop.READ) != 0 && socket.isOpen() && socket.isReady();
        }

        @Override
        public void events(int events) {
            wanted = events;
        }

        @Override
        public void cancel() {
            watches.remove(this);
        }
    }
}

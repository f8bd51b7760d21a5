package dev.gyre.testing;

import dev.gyre.loop.Body;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopMetrics;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Task;
import dev.gyre.net.Network;
import dev.gyre.net.TcpClient;
import dev.gyre.stream.IOStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A host of a [Simulation]: a loop with a name, and an address that others reach by that name.
///
/// **Threads.** A host belongs to the thread of the simulation.
public final class SimulatedHost {

    private final Simulation simulation;
    private final String name;
    private final InetAddress address;
    private final InetAddress addressV6;
    private final SimulatedPoller poller;
    private final SimulatedNetwork network;
    private final IOLoop loop;

    /// Whether nobody but the host's own loop can have set its next timer since it ran.
    private boolean isKnown;

    /// Whether this host had nothing to do when one of the hosts began to run; below, how many
    /// timers it had then.
    private boolean isResting;

    private int timers;

    /// @param number the last part of its addresses: 1 to 255, and of no other host
    SimulatedHost(Simulation simulation, String name, int number) throws UnknownHostException {
        this.simulation = simulation;
        this.name = name;
        address = InetAddress.getByAddress(name, new byte[] {10, 0, 0, (byte) number});
        byte[] bytes = new byte[16];
        bytes[0] = (byte) 0xfd;
        bytes[15] = (byte) number;
        addressV6 = InetAddress.getByAddress(name, bytes);
        poller = new SimulatedPoller(simulation);
        network = new SimulatedNetwork(simulation, this);
        loop =
                new IOLoop(
                        LoopOptions.defaults()
                                .withName(name)
                                .withTimeSource(simulation.time())
                                .withRandom(simulation.random())
                                .withExecutor(simulation::runOffLoop)
                                .withPoller(() -> poller)
                                .withLocal(Network.LOCAL, network));
        poller.loop(loop);
    }

    /// Returns the host's name, by which the others find it.
    public String name() {
        return name;
    }

    /// Returns the address that a lookup of the host's name gives: a private one of IPv4, in
    /// 10.0.0.0/8 (RFC 1918).
    public InetAddress address() {
        return address;
    }

    /// Returns the IPv6 address by which the host can be reached too: a private one, in fd00::/8
    /// (RFC 4193).
    public InetAddress addressV6() {
        return addressV6;
    }

    boolean has(InetAddress one) {
        return one.equals(address) || one.equals(addressV6);
    }

    /// Returns the host's loop, which runs while the simulation does.
    public IOLoop loop() {
        return loop;
    }

    /// Starts a program on this host, as a task, which goes on whenever the simulation runs.
    public <T extends @Nullable Object> Task<T> start(Callable<? extends T> body) {
        return loop.spawn(body);
    }

    /// Starts a program without a result on this host, as a task: it goes on as the simulation
    /// does.
    public Task<@Nullable Void> start(Body body) {
        return loop.spawn(body);
    }

    /// Runs a task on this host to its end, and the simulation for so long. Returns what the task
    /// returns, or throws what it throws.
    ///
    /// @throws java.io.UncheckedIOException if the task threw an [java.io.IOException], which is
    ///   the cause
    /// @throws AssertionError if the task does not end, though nothing more will happen
    public <T extends @Nullable Object> T run(Callable<? extends T> body) {
        return end(loop.spawn(body));
    }

    /// Runs a task without a result on this host to its end, and with it the simulation, and throws
    /// what the task throws.
    ///
    /// @throws java.io.UncheckedIOException if the task threw an [java.io.IOException], which is
    ///   the cause
    /// @throws AssertionError if the task does not end, though nothing more will happen
    public void run(Body body) {
        end(loop.spawn(body));
    }

    private <T extends @Nullable Object> T end(Task<T> task) {
        simulation.runUntil(task::isDone);
        return loop.runSync(() -> task.await());
    }

    /// Connects to a host, and runs the simulation until the connection is there.
    ///
    /// @throws java.io.UncheckedIOException if the host cannot be reached
    public IOStream connect(String host, int port) {
        return run(() -> TcpClient.connect(host, port).await());
    }

    SimulatedNetwork network() {
        return network;
    }

    /// Returns when the next timer is due; [Long#MAX_VALUE] if there is none.
    long nextTimer() {
        return loop.isClosed() ? Long.MAX_VALUE : poller.nextTimer();
    }

    /// Notes what this host has to do, before one of the hosts runs.
    void remember() {
        isResting = !loop.isClosed() && loop.isIdle();
        timers = loop.metrics().timers();
    }

    /// Checks that nobody gave this host something to do while `last` ran: what the network does
    /// happens between the runs of the hosts.
    ///
    /// @param last the host that ran
    void checkUntouchedBy(SimulatedHost last) {
        boolean isTouched = isResting && !(loop.isIdle() && loop.metrics().timers() == timers);
        if (isTouched && last != this && !loop.isClosed()) {
            throw new AssertionError(
                    ("while %s ran, the loop of %s got something to do: a callback, a timer, a"
                                    + " write, or the end of a wait; hosts share nothing but the"
                                    + " network")
                            .formatted(last, this));
        }
    }

    /// Has this host run once though it may have nothing to do.
    void lookAgain() {
        isKnown = false;
    }

    /// Runs the loop until nothing is runnable; returns whether anything was.
    boolean runUntilIdle() {
        if (loop.isClosed() || (isKnown && loop.isIdle() && !poller.isReady())) {
            return false;
        }
        isKnown = true;
        long before = ran();
        simulation.begins(this);
        try {
            loop.start();
        } finally {
            simulation.ends();
        }
        simulation.check(this);
        refuseBlockedAndQueued();
        return ran() > before;
    }

    /// Fails if a task is blocked, or a step still queued: a loop that goes to sleep has run all
    /// that there was to run.
    private void refuseBlockedAndQueued() {
        for (Task<?> task : loop.tasks()) {
            if (task.isBlocked()) {
                throw new AssertionError(
                        BlockedCallWatch.told(task.name(), name) + "\n" + loop.dumpTasks());
            }
        }
        if (!loop.isIdle()) {
            throw new AssertionError(
                    ("the loop of %s went to sleep with work queued, or with a callback that is"
                                    + " blocked in a call of the JDK\n%s")
                            .formatted(this, loop.dumpTasks()));
        }
    }

    private long ran() {
        LoopMetrics metrics = loop.metrics();
        return metrics.callbacks() + metrics.handled();
    }

    List<String> leftovers() {
        List<String> left = new ArrayList<>();
        if (loop.isClosed()) {
            return left;
        }
        for (Task<?> task : loop.tasks()) {
            left.add(name + ": a task has not ended: " + task);
        }
        int timers = loop.metrics().timers();
        if (timers > 0) {
            left.add("%s: %d timers are still pending".formatted(name, timers));
        }
        for (SimulatedListener listener : network.listeners()) {
            left.add(name + ": " + listener + " is still open");
        }
        return left;
    }

    void close() {
        poller.closing();
        loop.close();
        network.listeners().forEach(SimulatedListener::close);
    }

    @Override
    public String toString() {
        return name + " (" + Logs.text(address) + ")";
    }
}

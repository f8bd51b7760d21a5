package dev.gyre.testing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Several hosts and the network between them, in one process, on one thread, in a time of its own.
/// What happens, and when, is drawn from a seed: the same seed gives the same run.
///
/// ```java
/// Simulation simulation = new Simulation(seed);
/// simulation.faults(NetworkFaults.harsh());
/// SimulatedHost server = simulation.host("server");
/// SimulatedHost client = simulation.host("client");
/// server.run(() -> new TcpServer(MyServer::serve).listen(9000));
/// String answer = client.run(() -> MyClient.ask("server", 9000));
/// ```
///
/// Programs run unchanged, as long as they make their connections with `dev.gyre.net`, take the
/// time from their loop, and make blocking calls with [dev.gyre.loop.IOLoop#runInExecutor]. The
/// clock stands still while a host runs, and jumps to the next event or timer when all hosts wait:
/// a day of reconnects takes milliseconds.
///
/// A task or callback that blocks in a call of the JDK fails the simulation, with its stack: under
/// the carrier after a second; under the baton, where the call holds up the only thread there is,
/// after two, by being interrupted. A call that is quick, such as one on a socket of this machine,
/// or that cannot be interrupted, such as one on a file, is not noticed.
///
/// After each step of a host the simulation checks that nobody uses a connection after its close,
/// or from another host; that bytes which were not sent are offered again as they were, so that no
/// buffer is changed before its write is done; that the bytes read are those that were sent; and
/// that no handler is called that was removed. Then it runs the checks of [#checkAlways].
///
/// **Threads.** A simulation, and all that belongs to it, is used by the thread that made it.
public final class Simulation implements AutoCloseable {

    /// How many lines of the trace are kept.
    private static final int TRACE_LINES_MAX = 10_000;

    private static final int HOSTS_MAX = 250;

    /// How long a simulation may take to come to rest, once the test is over.
    private static final Duration REST = Duration.ofMinutes(1);

    private final long seed;
    private final RandomGenerator random;
    private final ManualTime time = new ManualTime();
    private final long start = time.nanos();
    private final SimulatedEvents events;
    private final Map<String, SimulatedHost> hosts = new LinkedHashMap<>();
    private final Set<SimulatedTransport> open = new LinkedHashSet<>();
    private final Set<Set<SimulatedHost>> parted = new HashSet<>();

    /// The lines on which pieces of data wait for two hosts to be joined again, one entry for each
    /// piece.
    private final List<SimulatedLine> heldUp = new ArrayList<>();

    private final Deque<String> trace = new ArrayDeque<>();

    /// The checks of [#checkAlways].
    private final List<Runnable> checks = new ArrayList<>();

    private final BlockedCallWatch watch = BlockedCallWatch.begin();

    /// The host that runs now; null between the runs of the hosts. Volatile for the thread that
    /// asks what takes so long ([SeedThread]).
    private volatile @Nullable SimulatedHost running;

    /// The first rule that was broken; null while all is well.
    private @Nullable AssertionError violation;

    private NetworkFaults faults = NetworkFaults.none();

    /// Whether this run was given up. Set by the thread that gives it up.
    private volatile boolean givenUp;

    private long fingerprint;

    private long steps;

    /// Makes a world without hosts.
    public Simulation(long seed) {
        this.seed = seed;
        // The documentation of java.util.Random fixes its algorithms to the last bit, so a seed
        // gives the same run on any JDK.
        random = new Random(seed);
        events = new SimulatedEvents(time, random);
    }

    /// Returns the seed, which decides about all that happens by chance.
    public long seed() {
        return seed;
    }

    /// Returns the host of that name, making it the first time.
    public SimulatedHost host(String name) {
        return hosts.computeIfAbsent(name, this::newHost);
    }

    private SimulatedHost newHost(String name) {
        int number = hosts.size() + 1;
        if (number > HOSTS_MAX) {
            throw new IllegalStateException("there are %d hosts already".formatted(HOSTS_MAX));
        }
        try {
            return new SimulatedHost(this, name, number);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no name for a host: " + name, e);
        }
    }

    // The network: its faults, and what a test does to it.

    /// Replaces the faults of the network, from now on. A new simulation has none.
    public void faults(NetworkFaults newFaults) {
        faults = Objects.requireNonNull(newFaults, "newFaults");
    }

    /// Parts two hosts: what they send to each other waits until [#rejoin].
    public void part(SimulatedHost one, SimulatedHost other) {
        note(one + " and " + other + " are parted");
        parted.add(Set.of(one, other));
    }

    /// Joins two hosts that were parted: what they have sent to each other meanwhile arrives, in
    /// order.
    public void rejoin(SimulatedHost one, SimulatedHost other) {
        note(one + " and " + other + " meet again");
        parted.remove(Set.of(one, other));
        List<SimulatedLine> freed =
                heldUp.stream().filter(line -> line.isBetween(one, other)).toList();
        heldUp.removeAll(freed);
        freed.forEach(SimulatedLine::sendAgain);
    }

    /// Resets all connections between two hosts.
    public void resetConnections(SimulatedHost one, SimulatedHost other) {
        for (SimulatedTransport end : List.copyOf(open)) {
            InetAddress peer = addressOf(end);
            if (end.host() == one && peer != null && other.has(peer)) {
                end.reset();
            }
        }
    }

    private static @Nullable InetAddress addressOf(SimulatedTransport end) {
        return end.remoteAddress() instanceof java.net.InetSocketAddress remote
                ? remote.getAddress()
                : null;
    }

    // Running: to the end, for a while, until something holds; and what is checked meanwhile.

    /// Runs until nothing more will happen. With a program that repeats something for ever this
    /// never returns: use [#advance].
    public void run() {
        runUpTo(Long.MAX_VALUE, () -> false);
    }

    /// Runs for a while, in the time of the simulation.
    public void advance(Duration duration) {
        runUpTo(time.nanos() + duration.toNanos(), () -> false);
    }

    /// Runs until a condition holds, which is looked at whenever all hosts wait.
    ///
    /// @throws AssertionError if the condition does not hold, though nothing more will happen
    public void runUntil(BooleanSupplier condition) {
        if (!runUpTo(Long.MAX_VALUE, condition)) {
            throw new AssertionError(
                    "nothing more will happen, and still it is not so\n" + describe());
        }
    }

    /// Returns whether the condition came to hold before the end.
    private boolean runUpTo(long end, BooleanSupplier condition) {
        // The test may have given the hosts timers, of which the simulation is not told.
        hosts.values().forEach(SimulatedHost::lookAgain);
        settle();
        while (!condition.getAsBoolean()) {
            long next = events.next();
            for (SimulatedHost host : hosts.values()) {
                next = Math.min(next, host.nextTimer());
            }
            if (next > end || next == Long.MAX_VALUE) {
                if (end != Long.MAX_VALUE) {
                    time.moveTo(end);
                }
                return false;
            }
            time.moveTo(next);
            steps += events.runDue();
            settle();
        }
        return true;
    }

    /// Runs the hosts until all of them wait. Which host goes first is drawn.
    private void settle() {
        List<SimulatedHost> order = new ArrayList<>(hosts.values());
        boolean moved = true;
        while (moved) {
            moved = false;
            if (givenUp) {
                throw new AssertionError("this takes too long\n" + describe());
            }
            if (order.size() > 1) {
                Collections.shuffle(order, Random.from(random));
            }
            for (SimulatedHost host : order) {
                if (host.runUntilIdle()) {
                    moved = true;
                    steps++;
                }
            }
        }
    }

    /// Adds a check of what must hold at any moment, and not only in the end: from now on it runs
    /// whenever a host has come to rest. The first check that throws ends the run, and so tells
    /// which step broke the rule.
    ///
    /// Other hosts may have work left when a check runs; [dev.gyre.loop.IOLoop#isIdle] tells.
    ///
    /// @param check throws an [AssertionError] if something is wrong
    public void checkAlways(Runnable check) {
        checks.add(Objects.requireNonNull(check, "check"));
    }

    /// Returns how much time has passed in the simulation.
    public Duration elapsed() {
        return Duration.ofNanos(time.nanos() - start);
    }

    /// Returns how many steps the simulation took: how often a host ran, and how often something
    /// came over the network.
    public long steps() {
        return steps;
    }

    // What was seen: the trace of the network.

    /// Returns what happened on the network, a line with its time for each event; of a long run,
    /// the last 10,000 lines. The trace is the same for the same seed and program, under either
    /// mechanism of coroutines. Only TLS has another trace each time, since encrypted records
    /// differ in size.
    public List<String> trace() {
        return List.copyOf(trace);
    }

    /// Returns a number that stands for the whole trace.
    public long fingerprint() {
        return fingerprint;
    }

    void note(SimulatedTransport end, String what, int bytes) {
        note(end + " " + what + (bytes > 0 ? " " + bytes : ""));
    }

    void note(String event) {
        String line = (time.nanos() - start) + " ns: " + event;
        fingerprint = fingerprint * 31 + line.hashCode();
        if (trace.size() == TRACE_LINES_MAX) {
            trace.remove();
        }
        trace.add(line);
    }

    private String describe() {
        StringBuilder text = new StringBuilder(this + "\n");
        for (SimulatedHost host : hosts.values()) {
            text.append(host).append(":\n").append(host.loop().dumpTasks());
        }
        return text.toString();
    }

    // The end of a simulation: whether it is tidy, and closing it.

    /// Lets the simulation come to rest, for at most a minute of its time, and checks that nothing
    /// is left on any host.
    ///
    /// @throws AssertionError that lists tasks, timers, listeners and connections
    public void checkTidy() {
        advance(REST);
        checkUnviolated();
        List<String> left = new ArrayList<>();
        hosts.values().forEach(host -> left.addAll(host.leftovers()));
        open.forEach(end -> left.add(end.host().name() + ": a connection is open: " + end));
        if (!left.isEmpty()) {
            throw new AssertionError(
                    "the simulation has left something:\n  - " + String.join("\n  - ", left));
        }
    }

    /// Closes all loops.
    @Override
    public void close() {
        watch.close();
        hosts.values().forEach(SimulatedHost::close);
        List.copyOf(open).forEach(SimulatedTransport::close);
    }

    @Override
    public String toString() {
        return "Simulation[seed %d, %d hosts, after %s]".formatted(seed, hosts.size(), elapsed());
    }

    // What the hosts, lines, sockets and events ask the simulation for.

    ManualTime time() {
        return time;
    }

    long nanos() {
        return time.nanos();
    }

    RandomGenerator random() {
        return random;
    }

    /// Returns the host that runs now; null between the runs of the hosts.
    @Nullable SimulatedHost running() {
        return running;
    }

    void begins(SimulatedHost host) {
        running = host;
        hosts.values().forEach(SimulatedHost::remember);
        watch.begins(host);
    }

    void ends() {
        running = null;
        watch.ends();
    }

    /// @throws AssertionError if something was wrong while the last host ran
    void check(SimulatedHost last) {
        watch.check();
        checkUnviolated();
        hosts.values().forEach(host -> host.checkUntouchedBy(last));
        checks.forEach(Runnable::run);
    }

    /// Remembers that a rule was broken, until the host that runs has come to rest: an error thrown
    /// here would be taken for a failure of the network.
    void violated(String rule) {
        note(rule);
        if (violation == null) {
            violation = new AssertionError(rule);
        }
    }

    private void checkUnviolated() {
        if (violation != null) {
            throw violation;
        }
    }

    /// Ends this run, unless its program never comes to rest. Any thread.
    void giveUp() {
        givenUp = true;
    }

    /// Returns the thread on which the program of the simulation runs now. Any thread.
    ///
    /// @param own the thread of the simulation, which is returned between the runs of the hosts
    Thread runningThread(Thread own) {
        SimulatedHost host = running;
        Thread thread = host == null ? null : host.loop().runningThread();
        return thread == null ? own : thread;
    }

    SimulatedEvents events() {
        return events;
    }

    NetworkFaults faults() {
        return faults;
    }

    /// Has a job of [dev.gyre.loop.IOLoop#runInExecutor] run between the steps of the hosts.
    void runOffLoop(Runnable job) {
        events.after(drawLatency(), job);
    }

    boolean areParted(SimulatedHost one, SimulatedHost other) {
        return one != other && parted.contains(Set.of(one, other));
    }

    void heldUp(SimulatedLine line) {
        heldUp.add(line);
    }

    void opened(SimulatedTransport end) {
        open.add(end);
    }

    void closed(SimulatedTransport end) {
        open.remove(end);
    }

    @Nullable SimulatedHost hostNamed(String name) {
        return hosts.get(name);
    }

    @Nullable SimulatedHost hostAt(InetAddress address) {
        for (SimulatedHost host : hosts.values()) {
            if (host.has(address)) {
                return host;
            }
        }
        return null;
    }

    boolean draw(double chance) {
        return chance > 0 && random.nextDouble() < chance;
    }

    long drawLatency() {
        long min = faults.latencyMinNanos();
        long max = faults.latencyMaxNanos();
        return min == max ? min : random.nextLong(min, max + 1);
    }

    /// Returns how many bytes a call may move, of `possible` that it could.
    int drawCount(int possible) {
        if (possible == 0 || draw(faults.blockedCalls())) {
            return 0;
        }
        return draw(faults.shortCalls()) ? random.nextInt(1, possible + 1) : possible;
    }
}

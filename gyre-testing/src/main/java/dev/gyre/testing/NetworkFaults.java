package dev.gyre.testing;

import java.time.Duration;
import java.util.function.Consumer;

/// How the network of a [Simulation] behaves. Immutable; each `with` method returns a changed copy.
///
/// A chance lies between 0, never, and 1, always; whether the fault happens is drawn from the seed
/// of the simulation, each time anew.
public final class NetworkFaults {

    private static final NetworkFaults NONE = new NetworkFaults();

    private static final NetworkFaults HARSH =
            new NetworkFaults()
                    .withLatency(Duration.ofNanos(1), Duration.ofMillis(200))
                    .withBandwidth(1_000_000)
                    .withShortCalls(0.3)
                    .withBlockedCalls(0.2)
                    .withSpuriousReadiness(0.1)
                    .withSlowAccepts(0.1)
                    .withFailingAccepts(0.1)
                    .withSlowLookups(0.1);

    // Each field changes in a fresh copy only, before a `with` method hands that copy out.

    private long latencyMinNanos = 100_000;
    private long latencyMaxNanos = 100_000;
    private long bytesPerSecond = Long.MAX_VALUE;
    private double shortCalls;
    private double blockedCalls;
    private double spuriousReadiness;
    private double slowConnects;
    private double slowAccepts;
    private double failingAccepts;
    private double resets;
    private double refusals;
    private double slowLookups;
    private double failingLookups;

    private NetworkFaults() {}

    private NetworkFaults changed(Consumer<NetworkFaults> change) {
        NetworkFaults copy = new NetworkFaults();
        copy.latencyMinNanos = latencyMinNanos;
        copy.latencyMaxNanos = latencyMaxNanos;
        copy.bytesPerSecond = bytesPerSecond;
        copy.shortCalls = shortCalls;
        copy.blockedCalls = blockedCalls;
        copy.spuriousReadiness = spuriousReadiness;
        copy.slowConnects = slowConnects;
        copy.slowAccepts = slowAccepts;
        copy.failingAccepts = failingAccepts;
        copy.resets = resets;
        copy.refusals = refusals;
        copy.slowLookups = slowLookups;
        copy.failingLookups = failingLookups;
        change.accept(copy);
        return copy;
    }

    /// Returns a network in which nothing goes wrong, with a latency of 100 us and no limit of
    /// bandwidth.
    public static NetworkFaults none() {
        return NONE;
    }

    /// Returns a network that is slow, and cuts and delays everything, but neither loses nor
    /// refuses a connection: on it a correct program does what it does on any other.
    public static NetworkFaults harsh() {
        return HARSH;
    }

    /// Sets how long a piece of data, a connect or a name lookup is under way, in one direction.
    ///
    /// @throws IllegalArgumentException if `min` is negative or greater than `max`
    public NetworkFaults withLatency(Duration min, Duration max) {
        if (min.isNegative() || min.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "no latency lies between %s and %s".formatted(min, max));
        }
        return changed(copy -> {
            copy.latencyMinNanos = min.toNanos();
            copy.latencyMaxNanos = max.toNanos();
        });
    }

    /// Limits how many bytes a second pass in each direction of each connection.
    ///
    /// @throws IllegalArgumentException if the number is not positive
    public NetworkFaults withBandwidth(long newBytesPerSecond) {
        if (newBytesPerSecond <= 0) {
            throw new IllegalArgumentException(
                    "a bandwidth must be positive, not " + newBytesPerSecond);
        }
        return changed(copy -> copy.bytesPerSecond = newBytesPerSecond);
    }

    /// Sets the chance that a read or write moves fewer bytes than it could.
    public NetworkFaults withShortCalls(double chance) {
        return changed(copy -> copy.shortCalls = checked(chance));
    }

    /// Sets the chance that a read finds nothing, or a write no room, though there is some.
    ///
    /// @throws IllegalArgumentException if `chance` is 1: then nothing would ever move
    public NetworkFaults withBlockedCalls(double chance) {
        if (chance == 1) {
            throw new IllegalArgumentException("if every call is blocked, nothing ever moves");
        }
        return changed(copy -> copy.blockedCalls = checked(chance));
    }

    /// Sets the chance that a stream for which data arrives is told of room to write too, though
    /// there may be none.
    public NetworkFaults withSpuriousReadiness(double chance) {
        return changed(copy -> copy.spuriousReadiness = checked(chance));
    }

    /// Sets the chance that a connect is under way for up to a minute more, as one of which the
    /// first packets are lost. A program that has given the connect up by then is not connected.
    public NetworkFaults withSlowConnects(double chance) {
        return changed(copy -> copy.slowConnects = checked(chance));
    }

    /// Sets the chance that a connection which has come can be accepted only after up to a second.
    public NetworkFaults withSlowAccepts(double chance) {
        return changed(copy -> copy.slowAccepts = checked(chance));
    }

    /// Sets the chance that an accept finds that its host has no descriptor left. That accept
    /// fails, and so do those after it for up to five seconds; the connections wait, and are not
    /// lost.
    ///
    /// @throws IllegalArgumentException if `chance` is 1: then nothing would ever be accepted
    public NetworkFaults withFailingAccepts(double chance) {
        if (chance == 1) {
            throw new IllegalArgumentException("if every accept fails, nobody is ever served");
        }
        return changed(copy -> copy.failingAccepts = checked(chance));
    }

    /// Sets the chance that a piece of data which arrives finds its connection reset.
    public NetworkFaults withResets(double chance) {
        return changed(copy -> copy.resets = checked(chance));
    }

    /// Sets the chance that a connect is refused though somebody listens.
    public NetworkFaults withRefusals(double chance) {
        return changed(copy -> copy.refusals = checked(chance));
    }

    /// Sets the chance that a lookup of a name takes up to ten seconds: as long as a resolver takes
    /// whose first servers do not answer.
    public NetworkFaults withSlowLookups(double chance) {
        return changed(copy -> copy.slowLookups = checked(chance));
    }

    /// Sets the chance that a lookup of a name fails, though there is a host of that name. A later
    /// one may find it.
    public NetworkFaults withFailingLookups(double chance) {
        return changed(copy -> copy.failingLookups = checked(chance));
    }

    private static double checked(double chance) {
        if (!(chance >= 0 && chance <= 1)) {
            throw new IllegalArgumentException("a chance lies between 0 and 1, unlike " + chance);
        }
        return chance;
    }

    long latencyMinNanos() {
        return latencyMinNanos;
    }

    long latencyMaxNanos() {
        return latencyMaxNanos;
    }

    /// Returns for how long a line is occupied by so many bytes, in nanoseconds.
    long nanosFor(int bytes) {
        return bytesPerSecond == Long.MAX_VALUE ? 0 : (long) (bytes * 1e9 / bytesPerSecond);
    }

    double shortCalls() {
        return shortCalls;
    }

    double blockedCalls() {
        return blockedCalls;
    }

    double slowConnects() {
        return slowConnects;
    }

    double spuriousReadiness() {
        return spuriousReadiness;
    }

    double slowAccepts() {
        return slowAccepts;
    }

    double failingAccepts() {
        return failingAccepts;
    }

    double resets() {
        return resets;
    }

    double refusals() {
        return refusals;
    }

    double slowLookups() {
        return slowLookups;
    }

    double failingLookups() {
        return failingLookups;
    }
}

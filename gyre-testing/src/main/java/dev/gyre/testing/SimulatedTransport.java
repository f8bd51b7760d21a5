package dev.gyre.testing;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One end of a connection between two hosts of a [Simulation].
final class SimulatedTransport implements Transport {

    /// How many bytes each direction has room for: those under way, and those that were not read
    /// yet.
    private static final int CAPACITY_BYTES = 64 * 1024;

    private final Simulation simulation;
    private final SimulatedHost host;
    private final SimulatedLine toPeer;
    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;

    /// The bytes that have come and were not read.
    private final MemoryLine inbox = new MemoryLine(CAPACITY_BYTES);

    private final MemoryReadiness readiness = new MemoryReadiness(this::ready);

    private final LineAudit output;

    /// The other end; set once, when both have been made.
    private @Nullable SimulatedTransport peer;

    /// How many bytes were sent of which this end does not know that they were read.
    private int unread;

    private boolean outputEnded;
    private boolean closed;

    /// Why the connection is broken; null while all is well. Bytes that had come before can be
    /// read.
    private @Nullable IOException failure;

    /// Whether a call for output has told of that failure. A kernel tells the error of a socket
    /// once (`SO_ERROR` in socket(7)), so the input ends in order then.
    private boolean isFailureTold;

    private SimulatedTransport(
            Simulation simulation,
            SimulatedHost host,
            SimulatedLine toPeer,
            SocketAddress localAddress,
            SocketAddress remoteAddress) {
        this.simulation = simulation;
        this.host = host;
        this.toPeer = toPeer;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        output = new LineAudit(simulation, this);
    }

    /// The two ends of a connection.
    record Pair(SimulatedTransport client, SimulatedTransport server) {}

    /// What an end is to be made of.
    record End(SimulatedHost host, SocketAddress address, SimulatedLine toPeer) {}

    static Pair pair(Simulation simulation, End client, End server) {
        SimulatedTransport one = make(simulation, client, server.address());
        SimulatedTransport other = make(simulation, server, client.address());
        one.peer = other;
        other.peer = one;
        simulation.opened(one);
        simulation.opened(other);
        return new Pair(one, other);
    }

    private static SimulatedTransport make(Simulation simulation, End end, SocketAddress remote) {
        return new SimulatedTransport(simulation, end.host(), end.toPeer(), end.address(), remote);
    }

    SimulatedHost host() {
        return host;
    }

    private SimulatedTransport peer() {
        return Objects.requireNonNull(peer);
    }

    // Readiness: what the stream is told.

    @Override
    public void attach(IOLoop loop, Target target) {
        readiness.attach(loop, target);
    }

    @Override
    public void watch(int events) {
        checkOwner("watch");
        readiness.watch(events);
    }

    private int ready() {
        if (failure != null) {
            return IOLoop.READ | IOLoop.WRITE;
        }
        int input = inbox.hasBytes() || inbox.isEnded() ? IOLoop.READ : IOLoop.NONE;
        return input | (unread < CAPACITY_BYTES ? IOLoop.WRITE : IOLoop.NONE);
    }

    // What the stream does: read, write, end, close.

    @Override
    public int read(ByteBuffer target) throws IOException {
        checkNotClosed("read");
        if (!inbox.hasBytes()) {
            if (failure != null && !inbox.isEnded() && !isFailureTold) {
                throw failure;
            }
            return inbox.isEnded() || failure != null ? END : 0;
        }
        int start = target.position();
        int count = inbox.take(target, simulation.drawCount(target.remaining()));
        if (count > 0) {
            peer().output.read(target.slice(start, count));
            toPeer.send(0, () -> peer().wasRead(count));
        }
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        checkOutput("write");
        if (outputEnded) {
            throw new ClosedChannelException();
        }
        output.offered(source);
        int room = Math.min(source.remaining(), CAPACITY_BYTES - unread);
        byte[] piece = new byte[simulation.drawCount(room)];
        if (piece.length > 0) {
            source.get(piece);
            unread += piece.length;
            simulation.note(this, "sends", piece.length);
            toPeer.send(piece.length, () -> peer().receive(piece));
        }
        output.sent(piece, source);
        return piece.length;
    }

    @Override
    public boolean shutdownOutput() throws IOException {
        checkOutput("shutdownOutput");
        if (simulation.drawCount(1) == 0) {
            return false;
        }
        endOutput();
        return true;
    }

    private void endOutput() {
        if (!outputEnded) {
            outputEnded = true;
            simulation.note(this, "ends its output", 0);
            toPeer.send(0, () -> peer().peerEnded());
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        checkOwner("close");
        closed = true;
        readiness.end();
        simulation.closed(this);
        simulation.note(this, "closes", 0);
        if (failure != null) {
            return;
        }
        if (inbox.hasBytes()) {
            // A kernel tells the peer that not all was read (RFC 9293, section 3.6.1).
            toPeer.send(0, () -> peer().peerReset());
        } else {
            endOutput();
        }
    }

    private void checkOutput(String call) throws IOException {
        checkNotClosed(call);
        if (failure != null) {
            isFailureTold = true;
            throw failure;
        }
    }

    private void checkNotClosed(String call) throws IOException {
        checkOwner(call);
        if (closed) {
            simulation.violated("%s of %s was called after its close".formatted(call, this));
            throw new ClosedChannelException();
        }
    }

    /// Fails if another host than this end's runs: two hosts never run at the same time here, but
    /// in earnest they are two threads.
    private void checkOwner(String call) {
        SimulatedHost running = simulation.running();
        if (running != null && running != host) {
            simulation.violated(
                    "%s of %s was called on host '%s', but belongs to '%s'"
                            .formatted(call, this, running.name(), host.name()));
        }
    }

    // What the network does: bytes, ends and resets that arrive.

    /// Breaks the connection from outside; both ends are told, the other one later.
    void reset() {
        if (failure == null) {
            toPeer.send(0, () -> peer().peerReset());
            peerReset();
        }
    }

    private void receive(byte[] piece) {
        if (failure != null) {
            return;
        }
        if (closed) {
            toPeer.send(0, () -> peer().peerReset());
            return;
        }
        if (simulation.draw(simulation.faults().resets())) {
            reset();
            return;
        }
        simulation.note(this, "gets", piece.length);
        inbox.put(ByteBuffer.wrap(piece), piece.length);
        if (simulation.draw(simulation.faults().spuriousReadiness())) {
            readiness.pretend(IOLoop.READ | IOLoop.WRITE);
        } else {
            readiness.look();
        }
    }

    private void wasRead(int count) {
        unread -= count;
        readiness.look();
    }

    private void peerEnded() {
        if (failure == null) {
            inbox.end();
            readiness.look();
        }
    }

    private void peerReset() {
        if (failure == null && !closed) {
            simulation.note(this, "is reset", 0);
            failure = new IOException("Connection reset");
            readiness.look();
        }
    }

    // What an end tells of itself; and options, of which it has none.

    @Override
    public boolean isBare() {
        return true;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /// Does nothing: to a simulated connection options make no difference.
    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        Objects.requireNonNull(option, "option");
    }

    @Override
    public String toString() {
        return localAddress + " to " + remoteAddress;
    }
}

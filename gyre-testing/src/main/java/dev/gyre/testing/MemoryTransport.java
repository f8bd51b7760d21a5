package dev.gyre.testing;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopLocal;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One end of a connection in memory, which is as a TCP connection would be if nothing ever
/// happened by chance.
///
/// ```java
/// MemoryTransport.Pair pair = MemoryTransport.pair();
/// IOStream server = new IOStream(loop, pair.near());
/// IOStream client = new IOStream(loop, pair.far());
/// ```
///
/// What one end writes, the other can read at once; its loop tells its stream so in the next turn.
/// Each direction has room for a limited number of bytes. An end that closes with bytes unread
/// resets the connection, as a kernel does (RFC 9293, section 3.6.1): the other end can still read
/// what this one had written; then a call tells of the reset, once, as a kernel tells the error of
/// a socket (`SO_ERROR` in socket(7)). If that call was a write, the end of the input looks like an
/// orderly one after it. [Faults] decide about each call that moves bytes, and with [#reset] and
/// [#pretendReady] a test plays the network.
///
/// A test that plays the peer may use an end without a stream. A loop that is closed closes the
/// ends that were attached to it.
///
/// **Threads.** Both ends belong to one thread, though they may be attached to different loops of
/// that thread.
public final class MemoryTransport implements Transport {

    /// How many bytes each direction of a connection has room for, if nothing else is said: 64 KiB.
    public static final int CAPACITY_BYTES = 64 * 1024;

    private static final LoopLocal<Open> OPEN = LoopLocal.withInitial(loop -> new Open());

    /// The ends that are attached to a loop and not closed, closed with it.
    private static final class Open implements AutoCloseable {

        private final Set<MemoryTransport> ends = new LinkedHashSet<>();

        @Override
        public void close() {
            List.copyOf(ends).forEach(MemoryTransport::close);
        }
    }

    /// Decides what goes wrong at one end of a connection. Faults run within the calls of a stream,
    /// so they are under the rules of a [bare callback][dev.gyre.loop.BareCallback].
    @FunctionalInterface
    public interface Faults {

        /// Decides about a call of `read`, `write` or `shutdownOutput`.
        ///
        /// @param call how many calls there were before on this end
        /// @return how many bytes the call may move at most: 0 makes it find nothing, or no room;
        ///   `Integer.MAX_VALUE` leaves it alone
        /// @throws IOException to [reset][MemoryTransport#reset] the connection with this very
        ///   exception
        int bytesAllowed(int call) throws IOException;

        /// Returns faults that let each call move `countMax` bytes at most.
        static Faults pieces(int countMax) {
            return call -> countMax;
        }

        /// Returns faults that let one call find nothing, or no room.
        static Faults wouldBlockAt(int blockedCall) {
            return call -> call == blockedCall ? 0 : Integer.MAX_VALUE;
        }

        /// Returns faults that reset the connection at one call.
        static Faults resetAt(int failingCall) {
            return call -> {
                if (call == failingCall) {
                    throw new IOException("Connection reset");
                }
                return Integer.MAX_VALUE;
            };
        }
    }

    /// The two ends of a connection.
    ///
    /// @param near one end
    /// @param far the other end
    public record Pair(MemoryTransport near, MemoryTransport far) {}

    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;
    private final MemoryLine in;
    private final MemoryLine out;
    private final MemoryTransport peer;

    private Faults faults = call -> Integer.MAX_VALUE;

    /// How many calls [Faults] have decided about.
    private int calls;

    private final MemoryReadiness readiness = new MemoryReadiness(this::ready);

    /// The set of open ends that this one is in; null before [#attach].
    private @Nullable Open open;

    private boolean closed;

    /// Why the connection is broken; null while all is well.
    private @Nullable IOException failure;

    /// Whether a call for output has told of that failure.
    private boolean isFailureTold;

    private MemoryTransport(SocketAddress localAddress, SocketAddress remoteAddress, int capacity) {
        this.localAddress = Objects.requireNonNull(localAddress, "localAddress");
        this.remoteAddress = Objects.requireNonNull(remoteAddress, "remoteAddress");
        in = new MemoryLine(capacity);
        out = new MemoryLine(capacity);
        peer = new MemoryTransport(this);
    }

    /// Makes the other end of a connection.
    private MemoryTransport(MemoryTransport peer) {
        this.peer = peer;
        localAddress = peer.remoteAddress;
        remoteAddress = peer.localAddress;
        in = peer.out;
        out = peer.in;
    }

    /// Returns a connection with room for [#CAPACITY_BYTES], from 192.0.2.1:1 to 192.0.2.2:2:
    /// addresses that exist in examples only (RFC 5737).
    public static Pair pair() {
        return pair(CAPACITY_BYTES);
    }

    /// Returns a connection between the addresses of [#pair()].
    ///
    /// @param capacity how many bytes each direction holds
    public static Pair pair(int capacity) {
        return pair(
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 1),
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 2),
                capacity);
    }

    /// Returns a connection.
    ///
    /// @param near the local address of the near end, and the remote one of the far end
    /// @param far the local address of the far end, and the remote one of the near end
    /// @param capacity how many bytes each direction holds
    /// @throws IllegalArgumentException if the capacity is not positive
    public static Pair pair(SocketAddress near, SocketAddress far, int capacity) {
        if (capacity <= 0) {
            throw new IllegalArgumentException(
                    "a connection cannot hold %d bytes".formatted(capacity));
        }
        MemoryTransport end = new MemoryTransport(near, far, capacity);
        return new Pair(end, end.peer);
    }

    // What a test may do: choose the faults, count calls, play the network.

    /// Lets `newFaults` decide about the calls from now on; the count of the calls goes on.
    public void faults(Faults newFaults) {
        faults = Objects.requireNonNull(newFaults, "newFaults");
    }

    /// Returns how many calls of `read`, `write` and `shutdownOutput` there were on this end.
    public int calls() {
        return calls;
    }

    /// Breaks the connection. Bytes under way are lost; calls of this end throw `cause`, and those
    /// of the other an [IOException] that says "Connection reset". After a write has thrown, reads
    /// find the end of the input.
    public void reset(IOException cause) {
        in.lose();
        out.lose();
        fail(cause);
        peer.fail(new IOException("Connection reset"));
    }

    /// Tells the stream in the next turn that this end is ready for those of `events` that the
    /// stream watches for, though it may not be: so may a kernel (BUGS in select(2)).
    ///
    /// @param events a mask of [IOLoop#READ] and [IOLoop#WRITE]
    public void pretendReady(int events) {
        readiness.pretend(events);
    }

    /// Returns whether this end was closed.
    public boolean isClosed() {
        return closed;
    }

    /// Returns the ends that are attached to a loop and not closed: a view, which follows them.
    static Set<MemoryTransport> openOn(IOLoop loop) {
        return Collections.unmodifiableSet(OPEN.get(loop).ends);
    }

    // Readiness: what the stream is told.

    @Override
    public void attach(IOLoop newLoop, Target newTarget) {
        open = OPEN.get(newLoop);
        open.ends.add(this);
        readiness.attach(newLoop, newTarget);
    }

    @Override
    public void watch(int events) {
        readiness.watch(events);
    }

    private int ready() {
        if (failure != null) {
            return IOLoop.READ | IOLoop.WRITE;
        }
        int input = in.hasBytes() || in.isEnded() ? IOLoop.READ : IOLoop.NONE;
        int output = out.hasRoom() || peer.closed ? IOLoop.WRITE : IOLoop.NONE;
        return input | output;
    }

    // Bytes, in and out.

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        checkOpen();
        boolean isBroken = failure != null && !in.hasBytes() && !in.isEnded();
        if (isBroken && isFailureTold) {
            return END;
        }
        if (isBroken) {
            throwFailure();
        }
        int allowed = allowed();
        boolean isAtEnd = in.isEnded() && !in.hasBytes();
        if (isAtEnd && allowed > 0) {
            return END;
        }
        int count = in.take(buffer, allowed);
        peer.readiness.look();
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int allowed = allowedOutput();
        if (out.isEnded()) {
            throw new ClosedChannelException();
        }
        if (peer.closed) {
            fail(new IOException("Broken pipe"));
            tellFailure();
        }
        int count = out.put(source, allowed);
        peer.readiness.look();
        return count;
    }

    @Override
    public boolean shutdownOutput() throws IOException {
        if (allowedOutput() == 0) {
            return false;
        }
        out.end();
        peer.readiness.look();
        return true;
    }

    private int allowedOutput() throws IOException {
        checkOpen();
        tellFailure();
        try {
            return allowed();
        } finally {
            isFailureTold = failure != null;
        }
    }

    /// Counts a call, and has the faults decide how many bytes it may move.
    private int allowed() throws IOException {
        try {
            return faults.bytesAllowed(calls++);
        } catch (IOException e) {
            reset(e);
            throw e;
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    private void tellFailure() throws IOException {
        isFailureTold = failure != null;
        throwFailure();
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private void fail(IOException cause) {
        if (failure == null && !closed) {
            failure = cause;
            readiness.look();
        }
    }

    // The end of a connection.

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        readiness.end();
        if (open != null) {
            open.ends.remove(this);
        }
        if (in.hasBytes()) {
            in.lose();
            peer.fail(new IOException("Connection reset"));
        } else if (failure == null) {
            out.end();
        }
        peer.readiness.look();
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

    /// Does nothing: to a connection in memory options make no difference.
    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        Objects.requireNonNull(option, "option");
    }

    @Override
    public String toString() {
        return "MemoryTransport[%s to %s]"
                .formatted(Logs.text(localAddress), Logs.text(remoteAddress));
    }
}

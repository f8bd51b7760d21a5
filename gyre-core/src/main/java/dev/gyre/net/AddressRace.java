package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopTimer;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Connects to the first of several addresses that answers (after RFC 8305, "happy eyeballs").
///
/// The addresses are tried in their order, but the two families in turn. Each gets its turn 300 ms
/// after the one before, or as soon as any has failed, and goes on while the others are tried: one
/// that is silent holds up nobody.
final class AddressRace {

    /// How long the newest attempt may take before the next begins beside it: RFC 8305, section 8,
    /// recommends 100 ms to 2 s.
    static final Duration ATTEMPT_DELAY = Duration.ofMillis(300);

    private final IOLoop loop;
    private final Network network;
    private final @Nullable SocketAddress source;

    /// The addresses that were not tried yet.
    private final Queue<SocketAddress> untried = new ArrayDeque<>();

    /// The attempts that are under way.
    private final Set<LoopFuture<Transport>> attempts = new HashSet<>();

    private final LoopFuture<Transport> winner;

    /// Starts the next attempt; null before the first, and when there is nothing left to try.
    private @Nullable LoopTimer next;

    /// What is thrown if nobody wins; null before the first failure.
    private @Nullable Throwable failure;

    /// What was to be reached, for people.
    private String target = "";

    AddressRace(IOLoop loop, Network network, @Nullable SocketAddress source) {
        this.loop = loop;
        this.network = network;
        this.source = source;
        this.winner = new LoopFuture<>(loop, this::end);
    }

    /// Begins to connect. Cancelling the future leaves nothing open.
    LoopFuture<Transport> run(String newTarget, List<SocketAddress> addresses) {
        target = newTarget;
        untried.addAll(inTurn(addresses));
        tryNext();
        return winner;
    }

    /// Lets the families alternate, from that of the first address on (RFC 8305, section 4).
    private static List<SocketAddress> inTurn(List<SocketAddress> addresses) {
        Queue<SocketAddress> primary = new ArrayDeque<>();
        Queue<SocketAddress> secondary = new ArrayDeque<>();
        for (SocketAddress address : addresses) {
            boolean isPrimary = family(address) == family(addresses.getFirst());
            (isPrimary ? primary : secondary).add(address);
        }
        List<SocketAddress> inTurn = new ArrayList<>();
        while (!primary.isEmpty() || !secondary.isEmpty()) {
            addNext(primary, inTurn);
            addNext(secondary, inTurn);
        }
        return inTurn;
    }

    private static void addNext(Queue<SocketAddress> family, List<SocketAddress> inTurn) {
        SocketAddress next = family.poll();
        if (next != null) {
            inTurn.add(next);
        }
    }

    private static Class<?> family(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getClass()
                : address.getClass();
    }

    /// Tries the next address, and sees to the one after it. Without any, the race is lost when the
    /// last attempt is.
    private void tryNext() {
        stopWaiting();
        SocketAddress address = untried.poll();
        if (address != null) {
            begin(address);
        } else if (attempts.isEmpty()) {
            winner.fail(lost());
        }
    }

    private void begin(SocketAddress address) {
        if (!untried.isEmpty()) {
            next = loop.callLater(ATTEMPT_DELAY, this::tryNext);
        }
        LoopFuture<Transport> attempt = begun(address);
        attempts.add(attempt);
        attempt.onDone(
                transport -> connected(attempt, transport),
                cause -> failed(attempt, address, cause));
    }

    private LoopFuture<Transport> begun(SocketAddress address) {
        try {
            return Objects.requireNonNull(network.connect(loop, address, source));
        } catch (Throwable e) {
            // If this were thrown on, those who wait for the race would never hear of its end.
            return LoopFuture.failed(loop, e);
        }
    }

    private void connected(LoopFuture<Transport> attempt, Transport transport) {
        attempts.remove(attempt);
        if (winner.complete(transport)) {
            end();
        } else {
            transport.close();
        }
    }

    private void failed(LoopFuture<Transport> attempt, SocketAddress address, Throwable cause) {
        attempts.remove(attempt);
        if (winner.isDone()) {
            return;
        }
        if (cause instanceof CancellationException) {
            // Somebody has closed the loop's network under the race.
            winner.cancel();
            return;
        }
        remember(told(address, cause));
        tryNext();
    }

    /// Names the address, unless the target is that very address, which is named anyway.
    private IOException told(SocketAddress address, Throwable cause) {
        String where = Logs.text(address);
        String prefix = target.equals(where) ? "" : where + ": ";
        return new IOException(prefix + Logs.message(cause), cause);
    }

    private void remember(IOException cause) {
        if (failure == null) {
            failure = cause;
        } else {
            failure.addSuppressed(cause);
        }
    }

    private UncheckedIOException lost() {
        IOException reason =
                failure instanceof IOException io ? io : new IOException("the host has no address");
        return new UncheckedIOException(
                "cannot connect to %s: %s".formatted(target, Logs.message(reason)), reason);
    }

    /// Ends whatever is still under way.
    private void end() {
        stopWaiting();
        List.copyOf(attempts).forEach(LoopFuture::cancel);
    }

    private void stopWaiting() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }
}

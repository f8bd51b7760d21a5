package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopTimer;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Connects to the first of several addresses that answers (after RFC 8305, "happy eyeballs").
///
/// The addresses of the first one's family are tried one after the other. 300 ms later, or as soon
/// as one of them has failed, those of the other family are tried in the same way beside them.
final class AddressRace {

    /// How long the second family waits for the first: RFC 8305, section 5, allows 10 ms to 2 s.
    static final Duration HEAD_START = Duration.ofMillis(300);

    private final IOLoop loop;
    private final Network network;
    private final @Nullable SocketAddress source;
    private final Queue<SocketAddress> primary = new ArrayDeque<>();
    private final Queue<SocketAddress> secondary = new ArrayDeque<>();
    private final Set<LoopFuture<Transport>> attempts = new HashSet<>();
    private final LoopFuture<Transport> winner;

    /// Starts the second family; null once it has run.
    private @Nullable LoopTimer headStart;

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
        for (SocketAddress address : addresses) {
            boolean isPrimary = family(address) == family(addresses.getFirst());
            (isPrimary ? primary : secondary).add(address);
        }
        headStart = loop.callLater(HEAD_START, this::startSecondary);
        tryNext(primary);
        return winner;
    }

    private static Class<?> family(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getClass()
                : address.getClass();
    }

    private void startSecondary() {
        if (headStart != null) {
            headStart.cancel();
            headStart = null;
            tryNext(secondary);
        }
    }

    private void tryNext(Queue<SocketAddress> family) {
        SocketAddress address = family.poll();
        if (address != null) {
            LoopFuture<Transport> attempt = network.connect(loop, address, source);
            attempts.add(attempt);
            attempt.onDone(
                    transport -> connected(attempt, transport),
                    cause -> failed(attempt, address, cause, family));
        } else if (attempts.isEmpty() && primary.isEmpty() && secondary.isEmpty()) {
            end();
            winner.fail(lost());
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

    private void failed(
            LoopFuture<Transport> attempt,
            SocketAddress address,
            Throwable cause,
            Queue<SocketAddress> family) {
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
        startSecondary();
        tryNext(family);
    }

    /// Names the address, unless the target is that very address, which is named anyway.
    private IOException told(SocketAddress address, Throwable cause) {
        String where = text(address);
        String prefix = target.equals(where) ? "" : where + ": ";
        return new IOException(prefix + cause.getMessage(), cause);
    }

    /// Without the slash behind the name that a numeric address does not have.
    static String text(SocketAddress address) {
        String text = address.toString();
        boolean isNameless = address instanceof InetSocketAddress && text.startsWith("/");
        return isNameless ? text.substring(1) : text;
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
                "cannot connect to %s: %s".formatted(target, reason.getMessage()), reason);
    }

    /// Ends whatever is still under way.
    private void end() {
        if (headStart != null) {
            headStart.cancel();
            headStart = null;
        }
        List.copyOf(attempts).forEach(LoopFuture::cancel);
    }
}

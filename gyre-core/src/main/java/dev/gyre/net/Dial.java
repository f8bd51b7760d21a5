package dev.gyre.net;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.TlsOptions;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future.State;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The way to one connection, from the name to the stream, as a task.
///
/// Its result is not the task itself. A task whose last wait is over when it is cancelled still
/// returns its value: a stream that nobody gets, and nobody closes. The result knows whether it was
/// cancelled in time.
final class Dial implements Runnable {

    private final IOLoop loop;

    /// What is to be reached, for people.
    private final String target;

    /// The name that the server must have if TLS is spoken.
    private final String host;

    private final ConnectOptions options;
    private final LoopFuture<IOStream> result;

    /// Null before [#begin].
    private @Nullable Task<?> task;

    Dial(IOLoop loop, String target, String host, ConnectOptions options) {
        this.loop = loop;
        this.host = options.serverName(host);
        this.target = target;
        this.options = options;
        this.result = new LoopFuture<>(loop, this);
    }

    /// Begins.
    ///
    /// @param addresses finds the addresses to be tried; called in the task
    LoopFuture<IOStream> begin(Function<Dial, List<SocketAddress>> addresses) {
        Task<?> begun = loop.spawn("connect to " + target, () -> dial(addresses));
        task = begun;
        begun.onDone(nothing -> {}, failure -> result.cancel());
        return result;
    }

    /// Gives up, for nobody wants the connection any more.
    @Override
    public void run() {
        if (task != null) {
            task.cancel();
        }
    }

    private @Nullable Void dial(Function<Dial, List<SocketAddress>> addresses) {
        try {
            IOStream stream = connect(addresses.apply(this));
            if (!result.complete(stream)) {
                stream.close();
            }
        } catch (CancellationException e) {
            throw e;
        } catch (Throwable e) {
            // Checked exceptions too, which await() throws as they are.
            result.fail(e);
        }
        return null;
    }

    private IOStream connect(List<SocketAddress> addresses) {
        AddressRace race = new AddressRace(loop, Network.LOCAL.get(loop), options.sourceAddress());
        Transport winner = race.run(target, addresses).await();
        IOStream stream = new IOStream(loop, winner, options.streamOptions());
        TlsOptions tls = options.tls();
        if (tls != null) {
            shakeHands(stream, tls);
        }
        return stream;
    }

    private void shakeHands(IOStream stream, TlsOptions tls) {
        try {
            stream.startTls(tls, host).await();
        } catch (Throwable e) {
            stream.close();
            throw e;
        }
    }

    /// Looks up a name.
    List<SocketAddress> addressesOf(String host, int port) {
        return resolve(host).stream()
                .<SocketAddress>map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    private List<InetAddress> resolve(String host) {
        if (Addresses.isIpLiteral(host)) {
            return List.of(InetAddress.ofLiteral(host));
        }
        LoopFuture<List<InetAddress>> answer =
                Answers.ask(options.resolver(Network.LOCAL.get(loop)), loop, host);
        List<InetAddress> found;
        try {
            found = answer.await();
        } catch (Throwable e) {
            // What the resolver itself has to say unchecked is said already.
            Throwable failure = answer.state() == State.FAILED ? answer.exceptionNow() : e;
            if (failure instanceof RuntimeException || failure instanceof Error) {
                throw e;
            }
            throw unresolved(host, failure);
        }
        UnknownHostException fault = Answers.fault(host, found);
        if (fault != null) {
            throw unresolved(host, fault);
        }
        return found;
    }

    private static UncheckedIOException unresolved(String host, @Nullable Throwable met) {
        IOException reason = met instanceof IOException io ? io : new IOException(met);
        return new UncheckedIOException(
                "host '%s' does not resolve to an address".formatted(host), reason);
    }

    @Override
    public String toString() {
        return "a connection to " + target;
    }
}

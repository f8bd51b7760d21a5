package dev.gyre.examples;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopMetrics;
import dev.gyre.loop.LoopOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/// A demo's server on a loop of its own and a free port of the loopback interface.
final class RunningDemo<S extends DemoServer> implements AutoCloseable {

    /// A safety net for a hanging test; no test depends on it.
    private static final int SECONDS_MAX = 30;

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final IOLoop loop =
            new IOLoop(
                    LoopOptions.defaults()
                            .withUncaughtHandler((_, _, failure) -> failures.add(failure)));
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private final Transcript transcript = new Transcript();
    private final S server;
    private final InetSocketAddress address;

    RunningDemo(BiFunction<IOLoop, PrintStream, S> maker) throws IOException {
        this(maker, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    RunningDemo(BiFunction<IOLoop, PrintStream, S> maker, InetSocketAddress wanted)
            throws IOException {
        server = maker.apply(loop, transcript.stream());
        try {
            address = server.listen(wanted);
        } catch (IOException e) {
            server.close();
            loop.close();
            throw e;
        }
        Thread.ofPlatform().start(this::runLoop);
    }

    private void runLoop() {
        try {
            loop.start();
            stopped.complete(true);
        } catch (RuntimeException | Error e) {
            stopped.completeExceptionally(e);
        }
    }

    S server() {
        return server;
    }

    InetSocketAddress address() {
        return address;
    }

    Transcript transcript() {
        return transcript;
    }

    /// Returns the figures of the loop, from its own thread.
    LoopMetrics metrics() {
        return onLoop(loop::metrics);
    }

    /// Returns the figures of the loop without waiting for it.
    LoopMetrics loopMetricsNow() {
        return loop.metrics();
    }

    void addCallback(Callback callback) {
        loop.addCallback(callback);
    }

    Client connect() throws IOException {
        return Client.connect(address);
    }

    /// Returns the next failure that the loop heard of, or null.
    Throwable nextFailure() {
        return failures.poll();
    }

    <T> T onLoop(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.addCallback(() -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return await(result);
    }

    static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
    }

    void closeServer() {
        onLoop(() -> {
            server.close();
            return true;
        });
        // The descriptors of registered channels are released when the loop polls next, which it
        // has done once it runs a callback of the turn after.
        onLoop(() -> true);
    }

    @Override
    public void close() {
        closeServer();
        loop.stop();
        await(stopped);
        loop.close();
        if (!failures.isEmpty()) {
            throw new AssertionError("the loop heard of " + failures, failures.peek());
        }
    }
}

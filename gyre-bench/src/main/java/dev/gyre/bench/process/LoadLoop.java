package dev.gyre.bench.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Waits for the channels of clients, all on the thread that calls [#run] or [#spin], and counts
/// what they get. Closing it closes the channels.
final class LoadLoop implements AutoCloseable {

    /// After so long without an answer the server is taken for dead.
    private static final long SILENCE_MILLIS_MAX = 5000;

    private static final long LATENCY_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    private final Selector selector = Selector.open();
    private final Handler handler;
    private final Consumer<SelectionKey> ready = this::ready;

    /// How many messages were answered since the window began, and how long it took.
    private long messages;

    private Histogram latencies = newHistogram();

    /// What ended a client; null while all live.
    private @Nullable IOException failure;

    /// @param handler is told of each channel that is ready
    LoadLoop(Handler handler) throws IOException {
        this.handler = handler;
    }

    /// Does what the readiness of a channel allows.
    @FunctionalInterface
    interface Handler {

        void ready(SelectionKey key) throws IOException;
    }

    /// A client whose connection is registered, as the attachment of its key.
    interface Client {

        /// Does what the readiness of the connection allows.
        ///
        /// @param buffer for what comes; it is cleared
        /// @param loop counts what came back
        void ready(ByteBuffer buffer, LoadLoop loop) throws IOException;
    }

    /// Sends messages when they are due.
    @FunctionalInterface
    interface Pace {

        /// Does what is due now, and returns whether it is to be called again.
        boolean goOn(long now) throws IOException;
    }

    /// Returns an empty histogram of nanoseconds, up to ten seconds.
    static Histogram newHistogram() {
        return new Histogram(LATENCY_NANOS_MAX, 3);
    }

    SelectionKey register(SelectableChannel channel, int operations, @Nullable Object attachment)
            throws IOException {
        return channel.register(selector, operations, attachment);
    }

    /// Counts messages that were answered together.
    void answered(int count, long latencyNanos) {
        messages += count;
        latencies.recordValueWithCount(Math.min(latencyNanos, LATENCY_NANOS_MAX), count);
    }

    /// Goes on for some time, and until at least one message is answered. Tells what happened
    /// meanwhile.
    ///
    /// @throws IOException if a client fails, or none is ready for a long time
    Load.Window run(Duration length) throws IOException {
        long start = beginWindow();
        long end = start + length.toNanos();
        long now = start;
        while (now - end < 0 || messages == 0) {
            if (selector.select(ready, SILENCE_MILLIS_MAX) == 0) {
                throw silence();
            }
            throwFailure();
            now = System.nanoTime();
        }
        return new Load.Window(messages, now - start, latencies);
    }

    /// Goes on for as long as `pace` does, and tells what happened meanwhile. Never sleeps: who
    /// does is woken late, and sends late then.
    ///
    /// @throws IOException if a client fails, or no message is answered for a long time
    Load.Window spin(Pace pace) throws IOException {
        long start = beginWindow();
        long now = start;
        long quietSince = start;
        long answered = 0;
        while (pace.goOn(now)) {
            selector.selectNow(ready);
            throwFailure();
            now = System.nanoTime();
            if (messages > answered) {
                answered = messages;
                quietSince = now;
            } else if (now - quietSince > TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS_MAX)) {
                throw silence();
            }
        }
        return new Load.Window(messages, now - start, latencies);
    }

    private long beginWindow() {
        messages = 0;
        latencies = newHistogram();
        return System.nanoTime();
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private static IOException silence() {
        return new IOException("no answer in %d ms".formatted(SILENCE_MILLIS_MAX));
    }

    private void ready(SelectionKey key) {
        try {
            handler.ready(key);
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}

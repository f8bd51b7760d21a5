package dev.gyre.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/// Clients of an echo server that send in turn, one line every so often, whether or not the server
/// keeps up: an open loop. The latency of a line counts from when it was due, so that a line which
/// has to wait for the load generator, because the server was slow before, is not let off.
final class PacedLoad implements Load {

    /// How many lines that are due are sent before answers are looked at, when it is late.
    private static final int BURST_MAX = 16;

    /// How many lines may wait for their echo on one connection before the server has failed. With
    /// 64 connections and 200,000 lines a second that is more than a second.
    private static final int IN_FLIGHT_MAX = 4096;

    /// How many lines of a client differ.
    private static final int PATTERN_LINES = 16;

    /// The head of the column that tells how late the load generator was.
    static final String LAG = "lag p99 us";

    /// The percentile at which the lateness is looked at: where the latency is judged.
    private static final double JUDGED_PERCENTILE = 99;

    /// Which part of the lines the load generator must have sent in their time, and which part of
    /// the latency its own lateness may be, so that the figures are still the server's.
    private static final double RATE_MIN = 0.99;

    private static final double LAG_MAX = 0.5;

    private final LoadLoop loop = new LoadLoop(this::ready);
    private final List<EchoClient> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final int lineSize;
    private final double intervalNanos;

    /// How late lines were sent in the current window.
    private Histogram lags = LoadLoop.newHistogram();

    /// When the window began, how many lines it sends, has sent, and waits for.
    private long start;

    private long wanted;
    private long sent;
    private long open;

    /// How long the window took to send all lines.
    private long sendNanos;

    /// Connects the clients, which send nothing yet.
    ///
    /// @param perSecond how many lines all of them send together
    PacedLoad(InetSocketAddress server, int count, int lineSize, double perSecond)
            throws IOException {
        this.lineSize = lineSize;
        this.intervalNanos = 1e9 / perSecond;
        for (int i = 0; i < count; i++) {
            ClientWire wire = EchoLoad.Dial.clear(server);
            SelectionKey key = loop.register(wire.channel(), SelectionKey.OP_READ, null);
            EchoBytes bytes = new EchoBytes(wire, i, lineSize, PATTERN_LINES);
            EchoClient client =
                    new EchoClient(
                            bytes, key, lineSize, IN_FLIGHT_MAX, (_, lines, _) -> open -= lines);
            key.attach(client);
            clients.add(client);
        }
    }

    /// Connects one more client, which rests until it is told to flood the server.
    Flood addFlood(InetSocketAddress server) throws IOException {
        return new Flood(server, clients.size(), lineSize, loop);
    }

    /// Sends nothing yet: a window begins with its first line.
    @Override
    public void begin() {
        // There is nothing to keep in flight.
    }

    /// Sends lines for so long, and waits for their echoes.
    @Override
    public Window run(Duration length) throws IOException {
        lags = LoadLoop.newHistogram();
        wanted = Math.max(1, (long) (length.toNanos() / intervalNanos));
        sent = 0;
        start = System.nanoTime();
        return loop.spin(this::sendDue);
    }

    private boolean sendDue(long turnTime) throws IOException {
        long now = turnTime;
        for (int burst = 0; burst < BURST_MAX && sent < wanted; burst++) {
            long due = start + (long) (sent * intervalNanos);
            if (now - due < 0) {
                break;
            }
            lags.recordValue(Math.min(now - due, lags.getHighestTrackableValue()));
            clients.get((int) (sent % clients.size())).send(1, due);
            sent++;
            open++;
            now = System.nanoTime();
            sendNanos = now - start;
        }
        return sent < wanted || open > 0;
    }

    private void ready(SelectionKey key) throws IOException {
        ((LoadLoop.Client) key.attachment()).ready(buffer, loop);
    }

    /// Returns how late the last window sent its lines, all but the latest hundredth, in
    /// microseconds.
    double lagMicros() {
        return lags.getValueAtPercentile(JUDGED_PERCENTILE) / 1e3;
    }

    /// Returns how many lines a second the last window sent.
    double rate() {
        return sent * 1e9 / sendNanos;
    }

    /// Returns whether this load generator, and not the server, made the latencies of the last
    /// window: because it did not keep the rate, or since much of them is its own lateness.
    boolean isLate(Window window) {
        double judged = window.latencies().getValueAtPercentile(JUDGED_PERCENTILE);
        return rate() * intervalNanos < RATE_MIN * 1e9 || lagMicros() * 1e3 > LAG_MAX * judged;
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}

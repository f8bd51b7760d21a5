package dev.gyre.examples;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Passes connections on to a server, both ways. Each side is held up when the other does not keep
/// up, and when one side ends its output, so does the proxy on the other: neither side can tell
/// that it is there.
final class TcpProxy {

    static final Setting<InetSocketAddress> TARGET =
            Setting.server("The server to which connections are passed on.");

    /// Either side may go on sending when the other has ended.
    private static final StreamOptions HALF_OPEN = StreamOptions.defaults().withHalfOpen();

    private final InetSocketAddress target;
    private final PrintStream err;

    /// The two streams of a connection.
    private record Pair(IOStream client, IOStream server) {}

    private final Set<Pair> open = new HashSet<>();
    private int total;

    /// How many connections ended because the server could not be reached.
    private int unreached;

    /// What the connections that have ended have passed on, in bytes.
    private long upBytes;

    private long downBytes;

    TcpProxy(InetSocketAddress target, PrintStream err) {
        this.target = target;
        this.err = err;
    }

    static DemoServer demo(IOLoop loop, Settings given, PrintStream out, PrintStream err) {
        TcpProxy proxy = new TcpProxy(given.get(TARGET), err);
        loop.spawn("progress", () -> proxy.showProgress(Progress.on(err)));
        return new TcpDemo(proxy.server());
    }

    /// Returns the server, which does not listen yet.
    TcpServer server() {
        return new TcpServer(this::pass).withStreamOptions(HALF_OPEN);
    }

    private void pass(IOStream client) {
        total++;
        ConnectOptions options = ConnectOptions.defaults().withStreamOptions(HALF_OPEN);
        try (IOStream server =
                TcpClient.connect(target.getHostString(), target.getPort(), options).await()) {
            pass(new Pair(client, server));
        } catch (UncheckedIOException e) {
            // The client sees its connection end, as it would without a proxy.
            unreached++;
            err.println("tcp-proxy: " + e.getMessage());
        }
    }

    private void pass(Pair pair) {
        open.add(pair);
        try {
            TaskScope.call(scope -> {
                scope.spawn("up", () -> pair.client().pipeTo(pair.server()).await());
                scope.spawn("down", () -> pair.server().pipeTo(pair.client()).await());
                return true;
            });
            // All bytes are queued; closing must not cut them off.
            pair.server().closeAfterFlush().await();
        } catch (StreamClosedException e) {
            reset(pair.client());
            reset(pair.server());
            throw e;
        } finally {
            open.remove(pair);
            upBytes += pair.server().bytesOut();
            downBytes += pair.client().bytesOut();
        }
    }

    /// Closes a stream by a reset: what broke on one side must not look like an orderly end on the
    /// other.
    private static void reset(IOStream stream) {
        if (stream.isOpen()) {
            // A linger time of zero makes the kernel send a reset.
            stream.setOption(StandardSocketOptions.SO_LINGER, 0);
            stream.close();
        }
    }

    private @Nullable Void showProgress(Progress progress) {
        String shown = "";
        while (true) {
            Task.sleep(progress.period());
            String text = counters();
            if (!text.equals(shown)) {
                progress.show(text);
                shown = text;
            }
        }
    }

    /// Returns what has come and gone, in words.
    String counters() {
        long up = upBytes;
        long down = downBytes;
        for (Pair pair : open) {
            up += pair.server().bytesOut();
            down += pair.client().bytesOut();
        }
        String missed = unreached == 0 ? "" : " (%d without a server)".formatted(unreached);
        return "%d open of %d connections%s, %d bytes up, %d bytes down"
                .formatted(open.size(), total, missed, up, down);
    }
}

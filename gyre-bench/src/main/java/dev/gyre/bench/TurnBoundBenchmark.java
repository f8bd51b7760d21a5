package dev.gyre.bench;

import dev.gyre.loop.IOLoop;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The price of the bound on what a stream takes in within one turn: a client sends 64 kB of lines
/// at once, through the kernel, and gets them echoed. The bound is 64 kB; the limit of the read
/// buffer is a lower one, so that it can be seen what each further turn costs. A thousand lines are
/// what a flooding client gets done before the others have their turn.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class TurnBoundBenchmark {

    private static final int LINE_SIZE = 64;
    private static final int FLOOD_SIZE = 64 * 1024;
    private static final int LINES = FLOOD_SIZE / LINE_SIZE;

    /// All that is sent must fit, since one thread does everything.
    private static final int SOCKET_BYTES = 4 * FLOOD_SIZE;

    /// How many kilobytes the stream takes in at most in one turn.
    @Param({"1", "4", "16", "64"})
    public int kilobytes;

    private final IOLoop loop = new IOLoop();
    private final ByteBuffer flood = ByteBuffer.allocateDirect(FLOOD_SIZE);
    private final ByteBuffer echo = ByteBuffer.allocateDirect(FLOOD_SIZE);

    /// Null before [#connect].
    private @Nullable SocketChannel client;

    /// How many lines are missing until the loop stops.
    private int left;

    @Setup
    public void connect() throws IOException {
        byte[] line = new byte[LINE_SIZE];
        Arrays.fill(line, (byte) 'x');
        line[LINE_SIZE - 1] = '\n';
        while (flood.hasRemaining()) {
            flood.put(line);
        }
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client = open(listener);
            SocketChannel accepted = listener.accept();
            accepted.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BYTES);
            IOStream stream = new IOStream(loop, Transport.of(accepted), bounded());
            loop.spawn("echo", () -> serve(stream));
        }
    }

    private static SocketChannel open(ServerSocketChannel listener) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BYTES);
        channel.connect(listener.getLocalAddress());
        return channel;
    }

    private StreamOptions bounded() {
        return StreamOptions.defaults().withReadBufferBytesMax(kilobytes * 1024);
    }

    private boolean serve(IOStream stream) {
        while (true) {
            stream.write(stream.readUntil("\n").await());
            stream.drain().await();
            left--;
            if (left == 0) {
                stream.flush();
                loop.stop();
            }
        }
    }

    @TearDown
    public void close() throws IOException {
        Objects.requireNonNull(client).close();
        loop.close();
    }

    /// What an echo costs, for each line.
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void flood() throws IOException {
        SocketChannel connected = Objects.requireNonNull(client);
        connected.write(flood.clear());
        left = LINES;
        loop.start();
        echo.clear();
        while (echo.hasRemaining()) {
            connected.read(echo);
        }
    }
}

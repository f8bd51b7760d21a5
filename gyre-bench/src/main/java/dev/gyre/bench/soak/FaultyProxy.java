package dev.gyre.bench.soak;

import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Passes connections on to a server over a bad network: late, haltingly, in small pieces, and some
/// of them not to their end. What happens to which is drawn from a seed.
///
/// Whatever it does to a connection, the bytes that arrive are a prefix of those that were sent,
/// unless a defect is planted.
final class FaultyProxy implements AutoCloseable {

    private static final int CHUNK_BYTES_MAX = 16 * 1024;

    /// As much as a kernel has for a connection at first. With less it would have promised more
    /// room already than it has, drop what comes, and hear of it again only after ever longer
    /// pauses.
    static final int NARROW_BYTES = 64 * 1024;

    private static final StreamOptions HALF_OPEN = StreamOptions.defaults().withHalfOpen();
    private static final ConnectOptions CONNECT =
            ConnectOptions.defaults().withStreamOptions(HALF_OPEN);

    /// A planted defect befalls this line of a connection,
    private static final int PLANTED_LINE = 20;

    /// and so many connections: of some, nothing may be heard afterwards that would show it.
    private static final int PLANTED_MAX = 10;

    private final InetSocketAddress target;
    private final SplittableRandom seeds;
    private final Defect defect;
    private final Consumer<SocketAddress> beforeCut;
    private final TcpServer server = new TcpServer(this::serve).withStreamOptions(HALF_OPEN);

    /// How many connections had which end.
    private final Map<Weather.End, Integer> ends = new EnumMap<>(Weather.End.class);

    /// How many defects were planted.
    private int planted;

    /// @param target the server
    /// @param seed what everything is drawn from
    /// @param defect what it does wrong
    /// @param beforeCut is told the address of each client whose connection it is about to break
    FaultyProxy(
            InetSocketAddress target, long seed, Defect defect, Consumer<SocketAddress> beforeCut) {
        this.target = target;
        this.seeds = new SplittableRandom(seed);
        this.defect = defect;
        this.beforeCut = beforeCut;
    }

    /// Begins to listen on a free port of the loopback, and returns the address.
    InetSocketAddress listen() {
        server.listen(new InetSocketAddress(target.getAddress(), 0));
        return (InetSocketAddress) server.addresses().getFirst();
    }

    /// Returns how many connections it has broken in this way.
    int count(Weather.End end) {
        return ends.getOrDefault(end, 0);
    }

    @Override
    public void close() {
        server.close();
    }

    private void serve(IOStream client) {
        Weather weather = Weather.draw(seeds.split());
        try (IOStream upstream = TcpClient.connect(target, CONNECT).await()) {
            if (weather.isNarrow()) {
                narrow(client, StandardSocketOptions.SO_SNDBUF);
                narrow(upstream, StandardSocketOptions.SO_RCVBUF);
            }
            pass(new Passage(client, upstream, weather));
            upstream.closeAfterFlush().await();
        } catch (StreamClosedException e) {
            // One side broke. The other side was told, and there is nobody else to tell.
            client.close();
        } catch (UncheckedIOException e) {
            reset(client);
        }
    }

    /// Keeps the kernel from holding megabytes for who does not read.
    private static void narrow(IOStream stream, SocketOption<Integer> buffer) {
        stream.setOption(buffer, NARROW_BYTES);
    }

    private void pass(Passage passage) {
        try {
            TaskScope.call(scope -> {
                scope.spawn("up", passage::up);
                scope.spawn("down", passage::down);
                return true;
            });
        } catch (StreamClosedException e) {
            reset(passage.client);
            reset(passage.upstream);
            throw e;
        }
    }

    private static void reset(IOStream stream) {
        if (stream.isOpen()) {
            // Not to linger makes the kernel send a reset.
            stream.setOption(StandardSocketOptions.SO_LINGER, 0);
            stream.close();
        }
    }

    /// One connection.
    private final class Passage {

        private final IOStream client;
        private final IOStream upstream;
        private final Weather weather;

        /// How many bytes were passed, up and down.
        private long passed;

        Passage(IOStream client, IOStream upstream, Weather weather) {
            this.client = client;
            this.upstream = upstream;
            this.weather = weather;
        }

        boolean up() {
            byte[] chunk = client.readSome(weather.chunkBytesMax(CHUNK_BYTES_MAX)).await();
            while (chunk.length > 0) {
                forward(chunk, upstream);
                if (weather.end() == Weather.End.HALF_CLOSE && passed > weather.bytesToEnd()) {
                    cut(Weather.End.HALF_CLOSE);
                    break;
                }
                chunk = client.readSome(weather.chunkBytesMax(CHUNK_BYTES_MAX)).await();
            }
            upstream.shutdownOutput();
            return true;
        }

        boolean down() {
            if (defect == Defect.LOSE || defect == Defect.DOUBLE) {
                return downWithDefect();
            }
            byte[] chunk = upstream.readSome(weather.chunkBytesMax(CHUNK_BYTES_MAX)).await();
            while (chunk.length > 0) {
                forward(chunk, client);
                if (weather.end() == Weather.End.RESET && passed > weather.bytesToEnd()) {
                    cut(Weather.End.RESET);
                    reset(client);
                    reset(upstream);
                }
                chunk = upstream.readSome(weather.chunkBytesMax(CHUNK_BYTES_MAX)).await();
            }
            client.shutdownOutput();
            return true;
        }

        private boolean downWithDefect() {
            int lines = 0;
            while (true) {
                byte[] line = upstream.readUntil("\n").await();
                lines++;
                boolean isVictim = lines == PLANTED_LINE && planted < PLANTED_MAX;
                if (isVictim) {
                    planted++;
                }
                int copies = isVictim ? defect.copies() : 1;
                for (int i = 0; i < copies; i++) {
                    client.write(line);
                }
                client.drain().await();
            }
        }

        private void cut(Weather.End how) {
            ends.merge(how, 1, Integer::sum);
            beforeCut.accept(client.remoteAddress());
        }

        /// Passes a chunk on, as late and in such pieces as the weather has it.
        private void forward(byte[] chunk, IOStream sink) {
            Duration delay = weather.delay();
            if (delay.isPositive()) {
                Task.sleep(delay);
            }
            int from = 0;
            while (from < chunk.length) {
                int size = weather.pieceBytes(passed, chunk.length - from);
                sink.write(Arrays.copyOfRange(chunk, from, from + size));
                sink.drain().await();
                from += size;
                passed += size;
                if (from < chunk.length) {
                    // What is written in one turn leaves together.
                    Task.pause();
                }
            }
        }
    }
}

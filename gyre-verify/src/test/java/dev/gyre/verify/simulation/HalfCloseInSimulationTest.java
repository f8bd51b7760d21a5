package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Connections whose two directions end at moments of their own, without
/// [IOStream#closeAfterFlush], which would forgive much: a stream is open just as long as one of
/// its directions is.
class HalfCloseInSimulationTest {

    private static final int CHUNK = 20_000;

    private static NetworkFaults faults(Random random) {
        NetworkFaults quick = NetworkFaults.none().withShortCalls(0.5).withBlockedCalls(0.3);
        return random.nextBoolean() ? quick : NetworkFaults.harsh();
    }

    /// One end of a connection: it sends and reads, each at a pace of its own, and ends its output.
    private static final class End {

        private final Random random;
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private final ByteArrayOutputStream got = new ByteArrayOutputStream();
        private final List<LoopFuture<?>> writes = new ArrayList<>();

        /// Null before the connection is there.
        private IOStream stream;

        /// Null before the output is ended.
        private LoopFuture<?> outputEnd;

        /// Whether a read was told that nothing follows.
        private boolean isInputEnded;

        private int timesClosed;

        End(Simulation simulation, long seed) {
            random = new Random(seed);
            simulation.checkAlways(this::check);
        }

        StreamOptions options() {
            return StreamOptions.defaults()
                    .withHalfOpen()
                    .withReadBufferBytesMax(1000 + random.nextInt(50_000));
        }

        /// Leaves the stream to itself once both directions have ended.
        void talk(IOStream connected) {
            stream = connected;
            stream.onClose(cause -> {
                assertThat(cause.isOrderly()).isTrue();
                timesClosed++;
            });
            TaskScope.call(scope -> {
                scope.spawn("send", this::send);
                scope.spawn("receive", this::receive);
                return true;
            });
            stream.closed().await();
        }

        private boolean send() {
            int pieces = random.nextInt(12);
            for (int i = 0; i < pieces; i++) {
                byte[] piece = new byte[random.nextInt(sizeMax())];
                random.nextBytes(piece);
                writes.add(write(piece));
                sent.writeBytes(piece);
                if (random.nextInt(3) == 0) {
                    stream.flush();
                }
                if (random.nextBoolean()) {
                    drain();
                }
                rest();
            }
            outputEnd = stream.shutdownOutput();
            LoopFuture<?> late = stream.write("too late");
            assertThat(late.exceptionNow()).isInstanceOf(StreamClosedException.class);
            outputEnd.await();
            assertThat(writes).allMatch(LoopFuture::isDone);
            assertThat(stream.bytesOut()).isEqualTo(sent.size());
            return true;
        }

        /// Returns a size, now and then more than the high mark of the queue.
        private int sizeMax() {
            return switch (random.nextInt(12)) {
                case 0 -> 20 * CHUNK;
                case 1, 2, 3, 4 -> CHUNK;
                default -> 50;
            };
        }

        /// Who had to wait goes on when the queue is short.
        private void drain() {
            LoopFuture<?> drained = stream.drain();
            boolean isLong = stream.bytesQueued() > StreamOptions.WRITE_HIGH_WATER_BYTES;
            assertThat(drained.isDone()).isEqualTo(!isLong);
            drained.await();
            if (isLong) {
                assertThat(stream.bytesQueued())
                        .isLessThanOrEqualTo(StreamOptions.WRITE_LOW_WATER_BYTES);
            }
        }

        /// Whole, or in several buffers, on the heap or beside it.
        private LoopFuture<?> write(byte[] piece) {
            int cut = piece.length == 0 ? 0 : random.nextInt(piece.length);
            ByteBuffer direct = ByteBuffer.allocateDirect(piece.length).put(piece).flip();
            return switch (random.nextInt(4)) {
                case 0 -> stream.write(piece);
                case 1 -> stream.write(direct);
                case 2 ->
                        stream.write(
                                ByteBuffer.wrap(piece, 0, cut),
                                direct.position(cut),
                                ByteBuffer.allocate(0));
                default ->
                        stream.write(
                                direct.limit(cut), ByteBuffer.wrap(piece, cut, piece.length - cut));
            };
        }

        private boolean receive() {
            while (true) {
                byte[] some = stream.readSome(1 + random.nextInt(CHUNK)).await();
                if (some.length == 0) {
                    isInputEnded = true;
                    return true;
                }
                got.writeBytes(some);
                rest();
            }
        }

        private void rest() {
            if (random.nextInt(3) == 0) {
                Task.sleep(Duration.ofMillis(random.nextInt(100)));
            }
        }

        /// Checks that a stream is open just as long as one direction is.
        private void check() {
            if (stream == null || !stream.loop().isIdle()) {
                return;
            }
            boolean isTold = outputEnd != null && outputEnd.isDone();
            if (isTold && isInputEnded) {
                assertThat(stream.isOpen()).isFalse();
            }
            if (!stream.isOpen()) {
                assertThat(isTold).isTrue();
                assertThat(timesClosed).isEqualTo(1);
            } else {
                assertThat(timesClosed).isZero();
                long queued = stream.bytesQueued();
                assertThat(queued).isEqualTo(sent.size() - stream.bytesOut());
            }
        }
    }

    private static void gotAll(End from, End to) {
        assertThat(Arrays.equals(to.got.toByteArray(), from.sent.toByteArray())).isTrue();
    }

    @SimTest(seeds = 80)
    void eachDirectionEndsForItself(Simulation simulation) {
        Random random = new Random(simulation.seed());
        simulation.faults(faults(random));
        End one = new End(simulation, random.nextLong());
        End other = new End(simulation, random.nextLong());
        SimulatedHost host = simulation.host("server");
        TcpServer server =
                host.run(() ->
                        new TcpServer(other::talk).withStreamOptions(other.options()).listen(9000));

        simulation
                .host("client")
                .run(() -> {
                    IOStream stream =
                            TcpClient.connect(
                                            "server",
                                            9000,
                                            ConnectOptions.defaults()
                                                    .withStreamOptions(one.options()))
                                    .await();
                    one.talk(stream);
                    return true;
                });
        simulation.advance(Duration.ofMinutes(1));
        host.run(() -> {
            server.close();
            return true;
        });

        gotAll(one, other);
        gotAll(other, one);
        assertThat(one.stream.isOpen() || other.stream.isOpen()).isFalse();
    }

    /// A proxy between the two passes both directions on, each to its own end.
    @SimTest(seeds = 50)
    void aProxyPassesBothDirectionsOnToTheirEnds(Simulation simulation) {
        Random random = new Random(simulation.seed());
        simulation.faults(faults(random));
        End one = new End(simulation, random.nextLong());
        End other = new End(simulation, random.nextLong());
        SimulatedHost host = simulation.host("server");
        SimulatedHost middle = simulation.host("proxy");
        long[] piped = {0, 0};
        TcpServer server =
                host.run(() ->
                        new TcpServer(other::talk).withStreamOptions(other.options()).listen(9000));
        TcpServer proxy =
                middle.run(() ->
                        new TcpServer(stream -> pass(stream, piped))
                                .withStreamOptions(StreamOptions.defaults().withHalfOpen())
                                .listen(9001));

        simulation
                .host("client")
                .run(() -> {
                    one.talk(
                            TcpClient.connect(
                                            "proxy",
                                            9001,
                                            ConnectOptions.defaults()
                                                    .withStreamOptions(one.options()))
                                    .await());
                    return true;
                });
        simulation.advance(Duration.ofMinutes(1));
        host.run(() -> {
            server.close();
            return true;
        });
        middle.run(() -> {
            proxy.close();
            return true;
        });

        gotAll(one, other);
        gotAll(other, one);
        assertThat(piped).containsExactly(one.sent.size(), other.sent.size());
    }

    private static void pass(IOStream client, long[] piped) {
        // Half open by being piped, as the other one is by its options.
        try (IOStream server = TcpClient.connect("server", 9000).await()) {
            LoopFuture<Long> up = client.pipeTo(server);
            LoopFuture<Long> down = server.pipeTo(client);
            piped[0] = up.await();
            piped[1] = down.await();
            server.closed().await();
            client.closed().await();
        }
    }
}

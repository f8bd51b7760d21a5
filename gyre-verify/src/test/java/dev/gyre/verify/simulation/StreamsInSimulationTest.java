package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.DeadlineExceededException;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.Task;
import dev.gyre.loop.TaskScope;
import dev.gyre.net.ConnectOptions;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamBufferFullException;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.stream.StreamOptions;
import dev.gyre.stream.UnsatisfiableReadException;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import dev.gyre.verify.stream.TlsPair;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Streams between two hosts: bytes arrive in order, once and whole, or the end is told.
class StreamsInSimulationTest {

    /// The delimiter occurs in the bytes by chance, too.
    private static final String DELIMITER = "ab";

    private static final Pattern PATTERN = Pattern.compile("a+b|cd");

    private static byte[] randomBytes(Random random, int countMax) {
        byte[] bytes = new byte[random.nextInt(countMax + 1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(4));
        }
        return bytes;
    }

    /// One side of a conversation: what it has sent, and what it has got.
    private static final class Side {

        private final Simulation simulation;
        private final Random random;
        private final boolean tls;
        private final int readMax;
        private final int writeMax;

        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private final ByteArrayOutputStream got = new ByteArrayOutputStream();

        private @Nullable Boolean endedInOrder;

        /// Whether a read failed though enough was there.
        private boolean failedInVain;

        /// Whether the last read was told that the other side has sent all.
        private boolean readsEndedInOrder;

        Side(Simulation simulation, long seed, boolean tls) {
            this.simulation = simulation;
            random = new Random(seed);
            this.tls = tls;
            readMax = 1000 + random.nextInt(100_000);
            writeMax = 1 + random.nextInt(random.nextBoolean() ? 200 : 200_000);
        }

        StreamOptions options() {
            return StreamOptions.defaults()
                    .withHalfOpen()
                    .withReadBufferBytesMax(readMax)
                    .withWriteQueueBytesMax(writeMax);
        }

        /// Sends pieces of all sizes, and reads with all verbs what the other one sends, to its
        /// end.
        boolean talk(IOStream stream) {
            StreamAudit audit = new StreamAudit(simulation, stream, readMax, writeMax);
            try (stream) {
                TaskScope.call(scope -> {
                    scope.spawn("send", () -> send(audit));
                    scope.spawn("receive", () -> receive(audit));
                    return true;
                });
                audit.closeAfterFlush().await();
            } catch (StreamClosedException e) {
                endedInOrder = endedInOrder == null ? e.isOrderly() : endedInOrder;
            }
            return true;
        }

        private boolean send(StreamAudit stream) {
            int pieces = random.nextInt(20);
            LoopFuture<?> last = LoopFuture.completed(IOLoop.current(), null);
            for (int i = 0; i < pieces; i++) {
                byte[] piece = randomBytes(random, random.nextInt(4) == 0 ? 100_000 : 200);
                last = write(stream, piece, last);
                sent.writeBytes(piece);
                if (random.nextBoolean()) {
                    stream.drain().await();
                } else if (random.nextInt(4) == 0) {
                    TimerAudit.sleep(Duration.ofMillis(random.nextInt(300)));
                }
            }
            stream.shutdownOutput().await();
            return true;
        }

        /// Queues a piece, after the last one if there is no room before.
        private static LoopFuture<?> write(StreamAudit stream, byte[] piece, LoopFuture<?> last) {
            try {
                return stream.write(piece);
            } catch (StreamBufferFullException e) {
                last.await();
                return stream.write(piece);
            }
        }

        private boolean receive(StreamAudit stream) {
            try {
                while (true) {
                    receiveSome(stream);
                    if (random.nextInt(8) == 0) {
                        TimerAudit.sleep(Duration.ofMillis(random.nextInt(300)));
                    }
                }
            } catch (StreamClosedException e) {
                endedInOrder = e.isOrderly();
                readsEndedInOrder = e.isOrderly();
                if (e.isOrderly()) {
                    receiveRest(stream);
                }
            }
            return true;
        }

        /// Reads what was left over when the last read asked for more than there was: smaller reads
        /// still find it.
        private void receiveRest(StreamAudit stream) {
            int small = random.nextInt(4);
            try {
                for (int i = 0; i < small; i++) {
                    got.writeBytes(stream.read(in -> in.readBytes(1)).await());
                }
                got.writeBytes(stream.read(IOStream::readUntilClose).await());
            } catch (StreamClosedException e) {
                if (stream.read(IOStream::readUntilClose).await().length > 0) {
                    failedInVain = true;
                }
            }
        }

        private void receiveSome(StreamAudit stream) {
            int count = random.nextInt(300);
            int countMax = 1 + random.nextInt(70_000);
            switch (random.nextInt(6)) {
                case 0 -> got.writeBytes(stream.read(in -> in.readBytes(count)).await());
                case 1 -> got.writeBytes(stream.read(in -> in.readSome(countMax)).await());
                case 2 -> got.writeBytes(stream.read(in -> in.readUntil(DELIMITER)).await());
                case 3 -> got.writeBytes(stream.read(in -> in.readUntilRegex(PATTERN)).await());
                case 4 -> readInto(stream);
                default -> readWithDeadline(stream);
            }
        }

        private void readInto(StreamAudit stream) {
            ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(200));
            try {
                stream.readInto(target).await();
            } finally {
                // At the end of input it holds what there was.
                got.write(target.array(), 0, target.position());
            }
        }

        /// A read that ends with its deadline leaves all bytes to the next one.
        private void readWithDeadline(StreamAudit stream) {
            try {
                Duration limit = Duration.ofMillis(random.nextInt(100));
                got.writeBytes(stream.readWithin(limit, in -> in.readUntil(DELIMITER)));
            } catch (DeadlineExceededException e) {
                // What had come is for whoever reads next.
                return;
            }
        }
    }

    private static void gotAll(Side from, Side to) {
        assertThat(to.got.size()).isEqualTo(from.sent.size());
        assertThat(Arrays.equals(to.got.toByteArray(), from.sent.toByteArray())).isTrue();
    }

    private static void gotPrefix(Side from, Side to) {
        byte[] got = to.got.toByteArray();
        assertThat(got.length).isLessThanOrEqualTo(from.sent.size());
        assertThat(Arrays.equals(got, Arrays.copyOf(from.sent.toByteArray(), got.length))).isTrue();
    }

    private static TcpServer listen(SimulatedHost host, Side side) {
        TcpServer server = new TcpServer(side::talk).withStreamOptions(side.options());
        if (side.tls) {
            server.withTls(TlsPair.SERVER);
        }
        return host.run(() -> server.listen(9000));
    }

    private static IOStream connect(StreamOptions options) {
        return TcpClient.connect(
                        "server", 9000, ConnectOptions.defaults().withStreamOptions(options))
                .await();
    }

    private static void close(SimulatedHost host, TcpServer server) {
        host.run(() -> {
            server.close();
            return true;
        });
    }

    /// What became of a conversation.
    private record Conversation(Side one, Side other) {

        static Conversation of(Simulation simulation, NetworkFaults faults, boolean tls) {
            simulation.faults(faults);
            Side one = new Side(simulation, simulation.seed(), tls);
            Side other = new Side(simulation, ~simulation.seed(), tls);
            SimulatedHost host = simulation.host("server");
            TcpServer server = listen(host, other);
            Task<Boolean> talk = simulation.host("client").start(() -> begin(one));
            simulation.runUntil(talk::isDone);
            simulation.advance(Duration.ofMinutes(1));
            close(host, server);
            assertThat(one.failedInVain || other.failedInVain).isFalse();
            return new Conversation(one, other);
        }

        private static boolean begin(Side side) {
            try (IOStream stream = connect(side.options())) {
                if (side.tls) {
                    stream.startTls(TlsPair.CLIENT, TlsPair.HOST).await();
                }
                return side.talk(stream);
            } catch (StreamClosedException e) {
                // The end of the connection came within the handshake.
                return false;
            } catch (UncheckedIOException e) {
                assertThat(e).hasRootCauseInstanceOf(ConnectException.class);
                return false;
            }
        }

        void isComplete() {
            gotAll(one, other);
            gotAll(other, one);
            assertThat(one.endedInOrder).isTrue();
            assertThat(other.endedInOrder).isTrue();
        }

        /// What broke is never taken for an end.
        void isCompleteOrBroken() {
            gotPrefixAndIfAnEndAll(one, other);
            gotPrefixAndIfAnEndAll(other, one);
        }

        private static void gotPrefixAndIfAnEndAll(Side from, Side to) {
            gotPrefix(from, to);
            if (to.readsEndedInOrder) {
                gotAll(from, to);
            }
        }
    }

    private static final NetworkFaults BREAKING =
            NetworkFaults.harsh().withResets(0.02).withRefusals(0.05);

    @SimTest(seeds = 200)
    void bothSidesGetAllThatTheOtherSends(Simulation simulation) {
        Conversation.of(simulation, NetworkFaults.harsh(), false).isComplete();
    }

    @SimTest(seeds = 200)
    void ofAConnectionThatBreaksBothSidesHaveABeginning(Simulation simulation) {
        Conversation.of(simulation, BREAKING, false).isCompleteOrBroken();
    }

    @SimTest(seeds = 200)
    void underTlsBothSidesGetAllThatTheOtherSends(Simulation simulation) {
        Conversation.of(simulation, NetworkFaults.harsh(), true).isComplete();
    }

    @SimTest(seeds = 200)
    void ofATlsConnectionThatBreaksBothSidesHaveABeginning(Simulation simulation) {
        Conversation.of(simulation, BREAKING, true).isCompleteOrBroken();
    }

    /// A frame of just the limit is read, one of a byte more is refused, and stays.
    @SimTest(seeds = 200)
    void aLimitIsKeptToTheByte(Simulation simulation) {
        simulation.faults(NetworkFaults.harsh());
        SimulatedHost host = simulation.host("server");
        List<String> lines = new ArrayList<>();
        TcpServer server =
                host.run(() ->
                        new TcpServer(
                                        stream -> {
                                            int limit = 4 + (int) (simulation.seed() % 5);
                                            lines.add(text(stream.readUntil("\n", limit).await()));
                                            try {
                                                lines.add(
                                                        text(
                                                                stream.readUntil("\n", limit)
                                                                        .await()));
                                            } catch (UnsatisfiableReadException e) {
                                                lines.add("refused");
                                            }
                                            lines.add(text(stream.readUntil("\n").await()));
                                        })
                                .listen(9000));
        String most = "x".repeat(3 + (int) (simulation.seed() % 5)) + "\n";

        simulation
                .host("client")
                .run(() -> {
                    try (IOStream stream = connect(StreamOptions.defaults().withHalfOpen())) {
                        stream.write(most);
                        stream.write("y" + most);
                        return stream.readUntilClose().await();
                    }
                });
        close(host, server);

        assertThat(lines).containsExactly(most, "refused", "y" + most);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}

package dev.gyre.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.PeriodicCallback;
import dev.gyre.loop.Task;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.StreamClosedException;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.NetworkFaults;
import dev.gyre.testing.SimTest;
import dev.gyre.testing.SimulatedHost;
import dev.gyre.testing.Simulation;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The simulator itself: hosts, their network, and their time.
class SimulationTest {

    private static void echo(IOStream stream) {
        while (true) {
            stream.write(stream.readUntil("\n").await());
        }
    }

    private static TcpServer listen(SimulatedHost host) {
        return host.run(() -> new TcpServer(SimulationTest::echo).listen(9000));
    }

    private static void close(SimulatedHost host, TcpServer server) {
        host.run(() -> {
            server.close();
            return true;
        });
    }

    private static String ask(String question) {
        try (IOStream stream = TcpClient.connect("server", 9000).await()) {
            stream.write(question + "\n");
            return stream.readLine().await();
        }
    }

    @SimTest(seeds = 200)
    void linesComeBackWhateverTheNetworkDoes(Simulation simulation) {
        simulation.faults(NetworkFaults.harsh());
        SimulatedHost host = simulation.host("server");
        TcpServer server = listen(host);
        SimulatedHost client = simulation.host("client");
        List<Task<String>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String question = "line " + i + "x".repeat(i * 1000);
            answers.add(client.start(() -> ask(question)));
        }

        simulation.runUntil(() -> answers.stream().allMatch(Task::isDone));
        close(host, server);

        for (int i = 0; i < 5; i++) {
            assertThat(answers.get(i).resultNow()).startsWith("line " + i).hasSize(6 + i * 1000);
        }
    }

    private static List<String> traceOf(long seed) {
        try (Simulation simulation = new Simulation(seed)) {
            play(simulation);
            return simulation.trace();
        }
    }

    /// Has some clients ask, over a network that also refuses and resets.
    static void play(Simulation simulation) {
        simulation.faults(NetworkFaults.harsh().withRefusals(0.1).withResets(0.01));
        SimulatedHost host = simulation.host("server");
        TcpServer server = listen(host);
        for (int i = 0; i < 5; i++) {
            String question = "question " + i;
            simulation
                    .host("client " + i)
                    .start(() -> {
                        try {
                            return ask(question);
                        } catch (UncheckedIOException e) {
                            return "failed";
                        }
                    });
        }
        simulation.advance(Duration.ofMinutes(1));
        close(host, server);
        simulation.checkTidy();
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(traceOf(seed)).hasSizeGreaterThan(20).isEqualTo(traceOf(seed));
        }
    }

    @Test
    void anotherSeedGivesAnotherRun() {
        assertThat(traceOf(1)).isNotEqualTo(traceOf(2));
    }

    @Test
    void eitherMechanismGivesTheSameRun() throws Exception {
        String underCarrier =
                fingerprints(
                        "-Ddev.gyre.coroutines=carrier",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED");

        assertThat(underCarrier.lines()).hasSize(10);
        assertThat(fingerprints("-Ddev.gyre.coroutines=baton")).isEqualTo(underCarrier);
    }

    private static String fingerprints(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(FingerprintProgram.class.getName());
        Process program =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor()).isZero();
        return output;
    }

    @Test
    void aDayPassesInNoTime() {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedHost host = simulation.host("host");
            List<Duration> ticks = new ArrayList<>();
            host.run(() -> {
                new PeriodicCallback(() -> ticks.add(simulation.elapsed()), Duration.ofHours(1))
                        .start();
                return true;
            });

            simulation.advance(Duration.ofDays(1));

            assertThat(ticks).hasSize(24);
            assertThat(simulation.elapsed()).isEqualTo(Duration.ofDays(1));
        }
    }

    @SimTest(seeds = 200)
    void aPortAtWhichNobodyListensRefuses(Simulation simulation) {
        simulation.host("server");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> simulation.host("client").run(() -> ask("x")))
                .havingRootCause()
                .isInstanceOf(ConnectException.class);
    }

    @SimTest(seeds = 200)
    void aNameThatNobodyHasIsUnknown(Simulation simulation) {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> simulation.host("client").run(() -> ask("x")))
                .havingRootCause()
                .isInstanceOf(UnknownHostException.class);
    }

    @SimTest(seeds = 200)
    void whatIsHeldUpWhileHostsArePartedArrivesInOrder(Simulation simulation) {
        simulation.faults(NetworkFaults.harsh());
        SimulatedHost host = simulation.host("server");
        SimulatedHost client = simulation.host("client");
        TcpServer server = listen(host);
        IOStream stream = client.run(() -> TcpClient.connect("server", 9000).await());
        Task<List<String>> lines =
                client.start(() -> {
                    List<String> got = new ArrayList<>();
                    for (int i = 0; i < 10; i++) {
                        stream.write("line " + i + "\n");
                        got.add(stream.readLine().await());
                    }
                    stream.close();
                    return got;
                });
        simulation.advance(Duration.ofMillis(300));

        simulation.part(host, client);
        simulation.advance(Duration.ofHours(1));
        assertThat(lines.isDone()).isFalse();
        simulation.rejoin(client, host);
        simulation.runUntil(lines::isDone);
        close(host, server);

        assertThat(lines.resultNow()).hasSize(10).startsWith("line 0").endsWith("line 9");
    }

    @SimTest(seeds = 200)
    void bothEndsHearOfAReset(Simulation simulation) {
        SimulatedHost host = simulation.host("server");
        SimulatedHost client = simulation.host("client");
        List<String> ends = new ArrayList<>();
        TcpServer server =
                host.run(() ->
                        new TcpServer(
                                        stream -> {
                                            try {
                                                stream.readLine().await();
                                            } catch (StreamClosedException e) {
                                                ends.add("server " + e.isOrderly());
                                            }
                                        })
                                .listen(9000));
        Task<Boolean> waiting =
                client.start(() -> {
                    try (IOStream stream = TcpClient.connect("server", 9000).await()) {
                        stream.readLine().await();
                    } catch (StreamClosedException e) {
                        ends.add("client " + e.isOrderly());
                    }
                    return true;
                });
        simulation.advance(Duration.ofSeconds(1));

        simulation.resetConnections(host, client);
        simulation.runUntil(waiting::isDone);
        close(host, server);

        assertThat(ends).containsExactlyInAnyOrder("server false", "client false");
    }

    @Test
    void whatNeverHappensIsTold() {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedHost host = simulation.host("host");

            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> host.run(() -> new LoopFuture<>(IOLoop.current()).await()))
                    .withMessageContaining("nothing more will happen")
                    .withMessageContaining("awaits");
        }
    }

    @Test
    void whatIsLeftIsTold() {
        try (Simulation simulation = new Simulation(1)) {
            listen(simulation.host("server"));
            simulation.host("client").run(() -> TcpClient.connect("server", 9000).await());

            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(simulation::checkTidy)
                    .withMessageContaining("server: a listener on")
                    .withMessageContaining("server: a task has not ended")
                    .withMessageContaining("client: a connection is open");
        }
    }

    @Test
    void realChannelsAreRefused() throws Exception {
        try (Simulation simulation = new Simulation(1);
                SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);

            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() ->
                            simulation
                                    .host("host")
                                    .run(() -> {
                                        IOLoop.current()
                                                .addHandler(channel, (ready, events) -> {}, 0);
                                        return true;
                                    }))
                    .withMessageContaining("in a simulation nothing is");
        }
    }

    /// Returns how a simulation ends that runs this program, which is interrupted, and logged.
    private static AssertionError failureOf(Callback program) {
        try (ExpectLog log = ExpectLog.open()) {
            AssertionError failure = failureOfOneThatIsClosed(program);
            assertThat(log.records()).hasSize(1);
            return failure;
        }
    }

    private static AssertionError failureOfOneThatIsClosed(Callback program) {
        try (Simulation simulation = new Simulation(1)) {
            simulation.host("host").loop().addCallback(program);
            return catchThrowableOfType(AssertionError.class, simulation::run);
        }
    }

    /// Under the baton this takes two seconds of real time, as do the next two.
    @Test
    void aTaskThatBlocksInTheJdkIsTold() {
        AssertionError failure =
                failureOf(() ->
                        IOLoop.current().spawn("blocks", () -> new SynchronousQueue<>().take()));

        assertThat(failure)
                .hasMessageContaining("'blocks' on host 'host' is blocked in a call of the JDK")
                .hasMessageContaining("SynchronousQueue.take");
    }

    @Test
    void aCallbackThatBlocksInTheJdkIsTold() {
        AssertionError failure = failureOf(() -> new CountDownLatch(1).await());

        assertThat(failure)
                .hasMessageContaining("is blocked in a call of the JDK")
                .hasMessageContaining("CountDownLatch.await");
    }

    @Test
    void aTaskThatReadsFromARealSocketIsTold() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            InputStream input = socket.getInputStream();

            AssertionError failure =
                    failureOf(() -> IOLoop.current().spawn("reads", () -> input.read()));

            assertThat(failure)
                    .hasMessageContaining("'reads' on host 'host' is blocked in a call of the JDK")
                    .hasMessageContaining("SocketInputStream.read");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"callback", "timer", "future", "write"})
    void whatIsUsedFromAnotherHostIsNoticed(String what) {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedHost one = simulation.host("one");
            SimulatedHost other = simulation.host("other");
            one.run(() -> new TcpServer(stream -> stream.readUntilClose().await()).listen(7));
            IOStream stream = one.connect("one", 7);
            LoopFuture<Integer> future = new LoopFuture<>(one.loop());
            one.start(() -> future.await());
            simulation.advance(Duration.ofSeconds(1));
            Runnable use =
                    switch (what) {
                        case "callback" -> () -> one.loop().addCallback(() -> {});
                        case "timer" -> () -> one.loop().callLater(Duration.ofHours(1), () -> {});
                        case "future" -> () -> future.complete(1);
                        default -> () -> stream.write("x");
                    };

            other.loop().addCallback(use::run);

            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(simulation::run)
                    .withMessageContaining("the loop of one (10.0.0.1) got something to do")
                    .withMessageContaining("share nothing but the network");
        }
    }

    /// More connections than there are ports.
    @Test
    void aDayOfReconnects() {
        try (Simulation simulation = new Simulation(1)) {
            simulation
                    .host("server")
                    .run(() -> new TcpServer(stream -> stream.write("hello\n")).listen(7));
            int visits = 24 * 3600 / 5;

            long heard =
                    simulation
                            .host("client")
                            .run(() -> {
                                long lines = 0;
                                for (int i = 0; i < visits; i++) {
                                    try (IOStream stream = TcpClient.connect("server", 7).await()) {
                                        stream.readLine().await();
                                        lines++;
                                    }
                                    Task.sleep(Duration.ofSeconds(5));
                                }
                                return lines;
                            });

            assertThat(heard).isEqualTo(visits);
            assertThat(simulation.elapsed()).isGreaterThan(Duration.ofHours(24));
        }
    }

    /// Whoever looks at the stack of a coroutine, such as a thread dump, holds it up, and the JDK
    /// hands it over when that is done: later than the loop has nothing else to do.
    @Test
    void whoIsLookedAtFromOutsideIsWaitedFor() throws InterruptedException {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedHost host = simulation.host("host");
            AtomicReference<Thread> coroutine = new AtomicReference<>(Thread.currentThread());
            AtomicBoolean over = new AtomicBoolean();
            Thread looker =
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!over.get()) {
                                    coroutine.get().getStackTrace();
                                }
                            });
            try {
                int slept =
                        host.run(() -> {
                            coroutine.set(Thread.currentThread());
                            for (int i = 0; i < 1_000; i++) {
                                Task.sleep(Duration.ofMillis(1));
                            }
                            return 1_000;
                        });

                assertThat(slept).isEqualTo(1_000);
            } finally {
                over.set(true);
                looker.join();
            }
        }
    }
}

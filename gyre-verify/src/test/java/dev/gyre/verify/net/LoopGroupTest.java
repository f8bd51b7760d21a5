package dev.gyre.verify.net;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.Body;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopGroup;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Poller;
import dev.gyre.loop.Task;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Several loops, and a server on all of them.
@Timeout(60)
final class LoopGroupTest {

    private static final int LOOPS = 3;
    private static final int CLIENTS = 200;

    @Test
    void eachLoopRunsOnAThreadThatBearsItsName() {
        try (LoopGroup group = LoopGroup.start("worker", LOOPS)) {
            List<String> names =
                    group.loops().stream()
                            .map(loop -> loop.submit(LoopGroupTest::threadName).join())
                            .toList();

            assertThat(names).containsExactly("worker-1", "worker-2", "worker-3");
        }
    }

    private static String threadName() {
        return IOLoop.current().name();
    }

    @Test
    void stoppingEndsAllAndClosesThem() {
        LoopGroup group = LoopGroup.start("worker", LOOPS);

        group.stop();
        group.join();

        for (IOLoop loop : group.loops()) {
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> loop.submit(() -> 1).join())
                    .withMessageContaining("was closed");
        }
    }

    @Test
    void whoeverWouldWaitForHisOwnLoopIsToldWhatToCall() {
        LoopGroup group = LoopGroup.start("own", LOOPS);
        IOLoop first = group.loops().getFirst();

        for (Body waiting : List.<Body>of(group::close, group::join)) {
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> first.submit(waiting).orTimeout(10, SECONDS).join())
                    .withCauseInstanceOf(IllegalStateException.class)
                    .withMessageContaining("would wait for itself; call stop() there");
        }

        assertThat(first.submit(() -> 1).join()).isEqualTo(1);
        first.submit(group::stop).join();
        group.join();
    }

    @Test
    void aLoopOfAnotherGroupMayWait() {
        try (LoopGroup waiting = LoopGroup.start("waiting", 1)) {
            LoopGroup group = LoopGroup.start("other", LOOPS);

            waiting.loops().getFirst().submit(group::close).join();

            assertThat(group.loops()).allMatch(IOLoop::isClosed);
        }
    }

    @Test
    void aGroupOfNoneIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> LoopGroup.start("worker", 0));
    }

    /// Or one that fails at once would stop those that are made already, and not those to come.
    @Test
    void noLoopRunsBeforeAllAreMade() {
        List<Boolean> isFirstRunning = new ArrayList<>();
        LoopOptions options =
                LoopOptions.defaults()
                        .withPoller(() -> {
                            isFirstRunning.add(isAlive("early-1"));
                            return Poller.open();
                        });

        try (LoopGroup group = LoopGroup.start("early", LOOPS, options)) {
            assertThat(group.loops()).hasSize(LOOPS);
        }

        assertThat(isFirstRunning).containsExactly(false, false, false);
    }

    private static boolean isAlive(String thread) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(alive -> alive.getName().equals(thread));
    }

    @Test
    void aFailureOfOneStopsTheOthersAndIsTold() {
        AtomicInteger opened = new AtomicInteger();
        LoopOptions options =
                LoopOptions.defaults()
                        .withPoller(() ->
                                opened.incrementAndGet() == 2
                                        ? new FailingPoller(Poller.open())
                                        : Poller.open());
        LoopGroup group = LoopGroup.start("worker", LOOPS, options);

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(group::join)
                .havingCause()
                .withMessage("planned");
    }

    private record FailingPoller(Poller poller) implements Poller {

        @Override
        public Watch watch(SelectableChannel channel, int events, Target target)
                throws IOException {
            return poller.watch(channel, events, target);
        }

        @Override
        public void poll(long timeoutNanos) {
            throw new IllegalStateException("planned");
        }

        @Override
        public void wakeup() {
            poller.wakeup();
        }

        @Override
        public void close() throws IOException {
            poller.close();
        }
    }

    @Test
    void aHandlerThatRunsOutOfMemoryStopsNoLoop() {
        LoopGroup group = LoopGroup.start("worker", LOOPS);

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() ->
                        group.loops()
                                .get(1)
                                .submit(() -> {
                                    throw new OutOfMemoryError("planned");
                                })
                                .join())
                .havingCause()
                .isInstanceOf(OutOfMemoryError.class);

        for (IOLoop loop : group.loops()) {
            assertThat(loop.submit(() -> 1).join()).isEqualTo(1);
        }
        group.stop();
        group.join();
    }

    @Test
    void aServerOnAGroupServesOnSeveralLoopsAtOnePort() {
        Set<String> served = servedOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

        assertThat(served).hasSizeGreaterThan(1);
    }

    @Test
    void whereAPortCannotBeSharedTheLoopsTakeTurns(@TempDir Path folder) {
        Set<String> served = servedOn(UnixDomainSocketAddress.of(folder.resolve("gyre.sock")));

        assertThat(served).hasSize(LOOPS);
    }

    @Test
    void aNameIsListenedOnByAllLoops() {
        Set<String> served = servedOn(server -> server.listen("localhost", 0));

        assertThat(served).hasSizeGreaterThan(1);
    }

    @Test
    void aServerListensAgainWhereItHasStopped(@TempDir Path folder) {
        for (SocketAddress free : freeAddresses(folder)) {
            Set<String> served =
                    servedOn(server -> {
                        SocketAddress address = server.listen(free).addresses().getFirst();
                        return listenAgain(server, address);
                    });

            assertThat(served).hasSizeGreaterThan(1);
        }
    }

    private static TcpServer listenAgain(TcpServer server, SocketAddress address) {
        server.stop();
        return server.listen(address);
    }

    private static List<SocketAddress> freeAddresses(Path folder) {
        return List.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                UnixDomainSocketAddress.of(folder.resolve("gyre.sock")));
    }

    @Test
    void whoeverAcceptsForAllLoopsKeepsTheLimitOfAll(@TempDir Path folder) {
        SocketAddress address = UnixDomainSocketAddress.of(folder.resolve("gyre.sock"));
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (LoopGroup group = LoopGroup.start("server", LOOPS);
                TcpServer server =
                        new TcpServer(stream -> countWhileOpen(stream, open, most))
                                .withLoops(group)
                                .withConnectionsMax(2)
                                .listen(address);
                IOLoop loop = new IOLoop()) {
            loop.runSync(() -> comeInPairs(server.addresses().getFirst()));
        }

        assertThat(most).hasValue(2);
    }

    private static void countWhileOpen(IOStream stream, AtomicInteger open, AtomicInteger most) {
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
        try {
            stream.write("welcome\n");
            stream.readUntilClose().await();
        } finally {
            open.decrementAndGet();
        }
    }

    /// Connects six clients, which leave in pairs once they are welcome.
    private static boolean comeInPairs(SocketAddress address) {
        List<IOStream> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(TcpClient.connect(address).await());
        }
        for (int i = 0; i < 6; i += 2) {
            for (IOStream client : clients.subList(i, i + 2)) {
                assertThat(client.readLine().await()).isEqualTo("welcome");
            }
            clients.subList(i, i + 2).forEach(IOStream::close);
        }
        return true;
    }

    @Test
    void whoeverIsHandedToALoopThatIsClosedIsNotLeftWaiting(@TempDir Path folder) {
        SocketAddress address = UnixDomainSocketAddress.of(folder.resolve("gyre.sock"));
        try (LoopGroup group = LoopGroup.start("server", LOOPS);
                TcpServer server =
                        new TcpServer(stream -> stream.write("welcome\n"))
                                .withLoops(group)
                                .listen(address);
                IOLoop loop = new IOLoop()) {
            group.loops().getLast().stop();

            List<String> told = loop.runSync(() -> greetings(server.addresses().getFirst()));

            assertThat(told).hasSize(CLIENTS).containsOnly("welcome\n", "").contains("");
        }
    }

    @Test
    void shutdownLetsTheHandlersOfAllLoopsFinish() throws IOException {
        try (LoopGroup group = LoopGroup.start("server", LOOPS);
                TcpServer server = serveInTurns(group);
                IOLoop loop = new IOLoop()) {
            SocketAddress address = server.addresses().getFirst();

            List<SocketAddress> left =
                    loop.runSync(() -> {
                        List<IOStream> clients = greeted(address);
                        LoopFuture<List<SocketAddress>> end =
                                server.shutdown(Duration.ofMinutes(1));
                        clients.forEach(IOStream::close);
                        return end.await();
                    });

            assertThat(left).isEmpty();
        }
    }

    @Test
    void shutdownTellsOnWhicheverLoopSomebodyIsLeft() throws IOException {
        try (LoopGroup group = LoopGroup.start("server", LOOPS);
                TcpServer server = serveInTurns(group);
                IOLoop loop = new IOLoop()) {
            SocketAddress address = server.addresses().getFirst();

            boolean allAreTold =
                    loop.runSync(() -> {
                        List<IOStream> clients = greeted(address);
                        clients.removeFirst().close();
                        untilOneHasLeft(group, server);
                        List<SocketAddress> left = server.shutdown(Duration.ZERO).await();
                        assertThat(left)
                                .containsExactlyInAnyOrderElementsOf(
                                        clients.stream().map(IOStream::localAddress).toList());
                        clients.forEach(each -> each.readUntilClose().await());
                        return true;
                    });

            assertThat(allAreTold).isTrue();
        }
    }

    /// Serves on a socket from which one loop accepts for all, so that each is sure to get some.
    private static TcpServer serveInTurns(LoopGroup group) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ServerSocketChannel listener = ServerSocketChannel.open().bind(any);
        return new TcpServer(LoopGroupTest::greet).withLoops(group).listen(List.of(listener));
    }

    private static void greet(IOStream stream) {
        stream.write("welcome\n");
        stream.readUntilClose().await();
    }

    /// Connects two clients for each loop.
    private static List<IOStream> greeted(SocketAddress address) {
        List<IOStream> clients = new ArrayList<>();
        for (int i = 0; i < 2 * LOOPS; i++) {
            IOStream client = TcpClient.connect(address).await();
            assertThat(client.readLine().await()).isEqualTo("welcome");
            clients.add(client);
        }
        return clients;
    }

    private static void untilOneHasLeft(LoopGroup group, TcpServer server) {
        int open = 2 * LOOPS;
        while (open == 2 * LOOPS) {
            Task.pause();
            open =
                    group.loops().stream()
                            .mapToInt(each -> each.submit(server::connectionCount).join())
                            .sum();
        }
    }

    /// Returns what each of some clients was told before the end.
    private static List<String> greetings(SocketAddress address) {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            try (IOStream stream = TcpClient.connect(address).await()) {
                told.add(new String(stream.readUntilClose().await(), StandardCharsets.UTF_8));
            }
        }
        return told;
    }

    /// Returns the names of the loops that have served some clients.
    private static Set<String> servedOn(SocketAddress address) {
        return servedOn(server -> server.listen(address));
    }

    private static Set<String> servedOn(UnaryOperator<TcpServer> listen) {
        Set<String> loops = ConcurrentHashMap.newKeySet();
        try (LoopGroup group = LoopGroup.start("server", LOOPS);
                TcpServer server =
                        listen.apply(
                                new TcpServer(stream -> tellLoop(stream, loops)).withLoops(group));
                IOLoop loop = new IOLoop()) {
            SocketAddress bound = server.addresses().getFirst();
            Set<String> told = loop.runSync(() -> askAll(bound));
            assertThat(told).isEqualTo(loops);
            long accepted =
                    group.loops().stream()
                            .mapToLong(each -> each.submit(server::acceptedCount).join())
                            .sum();
            assertThat(accepted).isEqualTo(CLIENTS);
        }
        return loops;
    }

    private static void tellLoop(IOStream stream, Set<String> loops) {
        loops.add(stream.loop().name());
        stream.write(stream.loop().name() + "\n");
    }

    private static Set<String> askAll(SocketAddress address) {
        Set<String> told = new HashSet<>();
        for (int i = 0; i < CLIENTS; i++) {
            try (IOStream stream = TcpClient.connect(address).await()) {
                told.add(stream.readLine().await());
            }
        }
        return told;
    }
}

package dev.gyre.verify.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopFuture;
import dev.gyre.loop.LoopGroup;
import dev.gyre.loop.LoopOptions;
import dev.gyre.net.ListenOptions;
import dev.gyre.net.Network;
import dev.gyre.net.TcpClient;
import dev.gyre.net.TcpServer;
import dev.gyre.stream.IOStream;
import dev.gyre.stream.Transport;
import dev.gyre.testing.ExpectLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/// A server on a group that is told to listen by the loops of that group.
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // Joining a loop has no time-out.
final class LoopsThatListenTest {

    private static final int LOOPS = 3;
    private static final int CLIENTS = 200;

    @TempDir private Path folder;

    private static SocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private SocketAddress file() {
        return UnixDomainSocketAddress.of(folder.resolve("gyre.sock"));
    }

    private static TcpServer server(LoopGroup group) {
        return new TcpServer(stream -> stream.write(stream.loop().name() + "\n")).withLoops(group);
    }

    private static SocketAddress listenAgain(TcpServer server, SocketAddress address) {
        server.stop();
        return server.listen(address).addresses().getLast();
    }

    /// Returns the names of the loops that serve, once all have done what they were told.
    private static Set<String> serving(LoopGroup group, SocketAddress address) {
        group.loops().forEach(loop -> loop.submit(() -> true).join());
        try (IOLoop loop = new IOLoop()) {
            return loop.runSync(() -> {
                Set<String> names = new HashSet<>();
                for (int i = 0; i < CLIENTS; i++) {
                    try (IOStream stream = TcpClient.connect(address).await()) {
                        names.add(stream.readLine().await());
                    }
                }
                return names;
            });
        }
    }

    /// Under the baton a loop whose code waits for another serves nobody meanwhile, so two that
    /// wait for each other do so for ever.
    @Test
    void loopsThatListenAgainAtTheSameMomentDoNotWaitForEachOther() {
        try (LoopGroup group = LoopGroup.start("server", LOOPS);
                TcpServer server = server(group).listen(anyPort())) {
            SocketAddress address = server.addresses().getFirst();
            CyclicBarrier moment = new CyclicBarrier(LOOPS);
            Callable<SocketAddress> again =
                    () -> {
                        moment.await();
                        return listenAgain(server, address);
                    };

            List<CompletableFuture<SocketAddress>> ends =
                    group.loops().stream().map(loop -> loop.submit(again)).toList();

            assertThat(ends).extracting(CompletableFuture::join).containsOnly(address);
            assertThat(serving(group, address)).hasSizeGreaterThan(1);
        }
    }

    @Test
    void aServerListensAgainFromAnyLoop() {
        for (int member = 0; member < LOOPS; member++) {
            try (LoopGroup group = LoopGroup.start("server", LOOPS);
                    TcpServer server = server(group).listen(anyPort())) {
                SocketAddress address = server.addresses().getFirst();
                IOLoop loop = group.loops().get(member);

                loop.submit(() -> listenAgain(server, address)).join();

                assertThat(server.addresses()).containsExactly(address);
                assertThat(serving(group, address)).hasSizeGreaterThan(1);
            }
        }
    }

    @Test
    void aNameIsListenedOnFromAnyLoop() {
        for (int member = 0; member < LOOPS; member++) {
            try (LoopGroup group = LoopGroup.start("server", LOOPS);
                    TcpServer server = server(group).listen(anyPort())) {
                IOLoop loop = group.loops().get(member);

                SocketAddress address =
                        loop.submit(() -> server.listen("localhost", 0).addresses().getLast())
                                .join();

                assertThat(serving(group, address)).hasSizeGreaterThan(1);
            }
        }
    }

    @Test
    void aLoopThatCannotFollowSaysSo() {
        LoopOptions options =
                LoopOptions.defaults().withLocal(Network.LOCAL, new Crowded("server-2"));
        try (ExpectLog log = ExpectLog.open();
                LoopGroup group = LoopGroup.start("server", 2, options);
                TcpServer server = server(group)) {
            log.expect(
                    "dev.gyre.general", Level.ERROR, "IOLoop[server-2] does not listen on place:1");

            group.loops().getFirst().submit(() -> server.listen(anyPort())).join();
            group.loops().getLast().submit(() -> true).join();

            assertThat(server.addresses()).containsExactly(Crowded.ADDRESS);
            assertThat(log.problems()).isEmpty();
        }
    }

    /// A network in which one loop finds no place.
    private record Crowded(String unlucky) implements Network, Network.Listener {

        static final SocketAddress ADDRESS = InetSocketAddress.createUnresolved("place", 1);

        @Override
        public Listener listen(IOLoop loop, SocketAddress address, ListenOptions options)
                throws IOException {
            if (loop.name().equals(unlucky)) {
                throw new IOException("no place is left");
            }
            return this;
        }

        @Override
        public boolean sharesPorts() {
            return true;
        }

        @Override
        public SocketAddress address() {
            return ADDRESS;
        }

        @Override
        public void start(Consumer<Transport> accepted) {
            // The listener is never ready.
        }

        @Override
        public void pause() {
            // Nobody connects, so there is nothing to do.
        }

        @Override
        public void resume() {
            // Nobody connects, so there is nothing to do.
        }

        @Override
        public void close() {
            // The listener holds nothing that could be released.
        }

        @Override
        public LoopFuture<Transport> connect(
                IOLoop loop, SocketAddress remote, @Nullable SocketAddress local) {
            return LoopFuture.failed(loop, new IOException("nobody listens here"));
        }

        @Override
        public LoopFuture<List<InetAddress>> resolve(IOLoop loop, String host) {
            return LoopFuture.failed(loop, new UnknownHostException(host));
        }

        @Override
        public List<InetAddress> lookUp(String host) throws IOException {
            throw new UnknownHostException(host);
        }
    }

    @Test
    void theLoopThatAcceptsForAllListensAgain() {
        try (LoopGroup group = LoopGroup.start("server", LOOPS);
                TcpServer server = server(group).listen(file())) {
            IOLoop first = group.loops().getFirst();

            SocketAddress address = first.submit(() -> listenAgain(server, file())).join();

            assertThat(serving(group, address)).hasSize(LOOPS);
        }
    }

    @Test
    void anotherLoopThanTheOneThatAcceptsForAllIsToldWhereToListen() {
        try (LoopGroup group = LoopGroup.start("server", LOOPS);
                TcpServer server = server(group).listen(anyPort())) {
            IOLoop last = group.loops().getLast();

            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> last.submit(() -> server.listen(file())).join())
                    .havingCause()
                    .isInstanceOf(IllegalStateException.class)
                    .withMessageContaining("accepts for all loops; call it there, not on " + last);
            assertThat(folder).isEmptyDirectory();
        }
    }
}

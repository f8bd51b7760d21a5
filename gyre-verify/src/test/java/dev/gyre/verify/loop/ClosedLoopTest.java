package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.LoopTimer;
import dev.gyre.loop.Poller;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What a closed loop has let go of.
@Timeout(GyreTest.SECONDS_MAX)
class ClosedLoopTest {

    private static void runOnce(IOLoop loop) {
        loop.addCallback(loop::stop);
        loop.start();
    }

    private static Pipe openPipe() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
        return pipe;
    }

    @GyreTest
    void registeredChannelsAreClosedAndRemovedOnesAreKept() throws IOException {
        Pipe pipe = openPipe();
        IOLoop loop = new IOLoop();
        loop.addHandler(pipe.source(), (c, e) -> {}, IOLoop.READ);
        loop.addHandler(pipe.sink(), (c, e) -> {}, IOLoop.NONE);
        loop.removeHandler(pipe.sink());

        loop.close();

        assertThat(pipe.source().isOpen()).isFalse();
        assertThat(pipe.sink().isOpen()).isTrue();
        assertThat(loop.metrics().handlers()).isZero();
        pipe.sink().close();
    }

    @EnabledOnOs(value = OS.LINUX, disabledReason = "descriptors are counted in /proc")
    @GyreTest
    void everyDescriptorIsReleased() throws IOException {
        openAndClose(1);
        long before = descriptors();

        openAndClose(50);

        // Each loop that leaked would hold three descriptors or more; the JVM may open a file or
        // two.
        assertThat(descriptors() - before).isLessThan(20);
    }

    private static void openAndClose(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Pipe pipe = openPipe();
            IOLoop loop = new IOLoop();
            loop.addHandler(pipe.source(), (c, e) -> {}, IOLoop.READ);
            loop.addHandler(pipe.sink(), (c, e) -> {}, IOLoop.WRITE);
            runOnce(loop);
            loop.close();
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @GyreTest
    void thePortOfARegisteredListenerIsFree() throws IOException {
        IOLoop loop = new IOLoop();
        ServerSocketChannel listener = TcpPair.listen();
        SocketAddress address = listener.getLocalAddress();
        listener.configureBlocking(false);
        loop.addHandler(listener, (c, e) -> {}, IOLoop.READ);
        runOnce(loop);

        loop.close();

        assertThatCode(() -> bindAlone(address)).doesNotThrowAnyException();
    }

    /// A selector holds on to a closed channel until its next select, which a stopped loop owes.
    @GyreTest
    void thePortOfAListenerClosedInTheLastTurnIsFreeOnceTheLoopHasStopped() throws IOException {
        try (IOLoop loop = new IOLoop()) {
            ServerSocketChannel listener = TcpPair.listen();
            SocketAddress address = listener.getLocalAddress();
            listener.configureBlocking(false);
            loop.addHandler(listener, (c, e) -> {}, IOLoop.READ);
            loop.addCallback(() -> {
                listener.close();
                loop.stop();
            });

            loop.start();

            assertThatCode(() -> bindAlone(address)).doesNotThrowAnyException();
        }
    }

    private static void bindAlone(SocketAddress address) throws IOException {
        try (ServerSocketChannel again = ServerSocketChannel.open()) {
            again.setOption(StandardSocketOptions.SO_REUSEADDR, false);
            again.bind(address);
        }
    }

    @GyreTest
    void pendingTimersAreDroppedAndCancellingThemIsHarmless() {
        IOLoop loop = new IOLoop();
        LoopTimer timer = loop.callLater(Duration.ofHours(1), () -> {});

        loop.close();
        timer.cancel();

        assertThat(timer.isPending()).isFalse();
        assertThat(loop.metrics().timers()).isZero();
    }

    @GyreTest
    void aChannelWhoseCloseRemovesItsOwnHandlerIsNoTrouble() {
        ScriptedPoller poller = new ScriptedPoller();
        IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(() -> poller));
        List<SelectableChannel> closed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ScriptedChannel channel =
                    new ScriptedChannel(self -> {
                        loop.removeHandler(self);
                        closed.add(self);
                    });
            loop.addHandler(channel, (c, e) -> {}, IOLoop.READ);
        }

        loop.close();

        assertThat(closed).hasSize(3);
        assertThat(poller.isClosed()).isTrue();
    }

    @GyreTest
    void aChannelThatFailsToCloseDoesNotKeepTheOthersOpen() throws IOException {
        ScriptedPoller poller = new ScriptedPoller();
        IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(() -> poller));
        List<SelectableChannel> closed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ScriptedChannel channel =
                    new ScriptedChannel(self -> {
                        closed.add(self);
                        throw new IOException("cannot close");
                    });
            loop.addHandler(channel, (c, e) -> {}, IOLoop.READ);
        }

        loop.close();

        assertThat(closed).hasSize(3);
        assertThat(poller.isClosed()).isTrue();
    }

    @GyreTest
    void aChannelWhoseCloseThrowsARuntimeExceptionDoesNotKeepThePollerOpen(ExpectLog log) {
        ScriptedPoller poller = new ScriptedPoller();
        IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(() -> poller));
        ScriptedChannel channel =
                new ScriptedChannel(self -> {
                    throw new IllegalStateException("cannot close");
                });
        loop.addHandler(channel, (c, e) -> {}, IOLoop.READ);

        assertThatCode(loop::close).doesNotThrowAnyException();

        assertThat(poller.isClosed()).isTrue();
        log.records().forEach(record -> log.expect(record.logger(), record.level(), ""));
    }

    @GyreTest
    void aPollerThatFailsToCloseIsLogged(ExpectLog log) {
        log.expect("dev.gyre.general", Level.WARNING, "the poller failed to close");
        IOLoop loop = new IOLoop(LoopOptions.defaults().withPoller(UnclosablePoller::new));

        loop.close();
        loop.close();

        assertThat(log.records()).hasSize(1);
    }

    private static final class UnclosablePoller implements Poller {

        @Override
        public Watch watch(SelectableChannel channel, int events, Target target) {
            throw new UnsupportedOperationException("nothing is watched here");
        }

        @Override
        public void poll(long timeoutNanos) {
            throw new UnsupportedOperationException("this one never runs");
        }

        @Override
        public void wakeup() {
            throw new UnsupportedOperationException("this one never sleeps");
        }

        @Override
        public void close() throws IOException {
            throw new IOException("stuck");
        }
    }
}

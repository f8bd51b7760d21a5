package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Accepting and connecting, which NIO reports through operations of their own.
class ConnectTest {

    private final List<Integer> events = new ArrayList<>();
    private ServerSocketChannel listener;
    private SocketChannel client;

    @BeforeEach
    void open() throws IOException {
        listener = TcpPair.listen();
        listener.configureBlocking(false);
        client = SocketChannel.open();
        client.configureBlocking(false);
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        client.close();
    }

    @GyreTest
    void aConnectionToAcceptIsRead(TestLoop test) throws IOException {
        List<SocketChannel> accepted = new ArrayList<>();
        test.loop()
                .addHandler(
                        listener,
                        (channel, ready) -> {
                            events.add(ready);
                            accepted.add(channel.accept());
                        },
                        IOLoop.READ);

        client.connect(listener.getLocalAddress());
        test.runUntil(() -> !accepted.isEmpty());

        assertThat(events).containsExactly(IOLoop.READ);
        accepted.getFirst().close();
    }

    @GyreTest
    void theEndOfAConnectIsWrite(TestLoop test) throws IOException {
        client.connect(listener.getLocalAddress());
        test.loop()
                .addHandler(
                        client,
                        (channel, ready) -> {
                            events.add(ready);
                            channel.finishConnect();
                            test.loop().removeHandler(channel);
                        },
                        IOLoop.READ | IOLoop.WRITE);

        test.runUntil(() -> !events.isEmpty());

        assertThat(events).containsExactly(IOLoop.WRITE);
        assertThat(client.isConnected()).isTrue();
    }

    @GyreTest
    void whoAskedForReadAloneHearsOfTheConnectAsRead(TestLoop test) throws IOException {
        client.connect(listener.getLocalAddress());
        test.loop()
                .addHandler(
                        client,
                        (channel, ready) -> {
                            events.add(ready);
                            channel.finishConnect();
                        },
                        IOLoop.READ);

        test.runUntil(() -> !events.isEmpty());
        test.runUntilIdle();

        assertThat(events).containsExactly(IOLoop.READ);
    }

    @GyreTest
    void onceConnectedTheSameHandlerHearsOfInputAndRoom(TestLoop test) throws IOException {
        client.connect(listener.getLocalAddress());
        test.loop()
                .addHandler(
                        client,
                        (channel, ready) -> {
                            events.add(ready);
                            if (!channel.isConnected()) {
                                channel.finishConnect();
                            }
                        },
                        IOLoop.READ | IOLoop.WRITE);
        test.runUntil(() -> events.size() > 1);

        try (SocketChannel peer = accept()) {
            ChannelBytes.write(peer, "x");
            test.runUntil(() -> events.contains(IOLoop.READ | IOLoop.WRITE));
        }

        assertThat(events.subList(0, 2)).containsExactly(IOLoop.WRITE, IOLoop.WRITE);
    }

    private SocketChannel accept() throws IOException {
        listener.configureBlocking(true);
        return listener.accept();
    }

    @GyreTest
    void aConnectThatIsNotFinishedIsReportedAgain(TestLoop test) throws IOException {
        client.connect(listener.getLocalAddress());
        test.loop().addHandler(client, (channel, ready) -> events.add(ready), IOLoop.WRITE);

        test.runUntil(() -> events.size() == 3);

        assertThat(events).containsOnly(IOLoop.WRITE);
    }

    @GyreTest
    void aRefusedConnectIsReportedAndFinishConnectSaysWhy(TestLoop test) throws IOException {
        List<IOException> failures = new ArrayList<>();
        refuse();
        test.loop()
                .addHandler(
                        client,
                        (channel, ready) -> {
                            events.add(ready);
                            try {
                                channel.finishConnect();
                            } catch (IOException e) {
                                failures.add(e);
                            }
                        },
                        IOLoop.WRITE);

        test.runUntil(() -> !events.isEmpty());
        test.runUntilIdle();

        assertThat(events).containsExactly(IOLoop.WRITE);
        assertThat(failures).singleElement().isInstanceOf(ConnectException.class);
    }

    /// finishConnect closes a channel whose connect has failed; the handler hears of it all the
    /// same.
    @GyreTest
    void aRefusedConnectThatIsLetOutComesBackAsErrorAndLeavesNothing(TestLoop test)
            throws IOException {
        refuse();
        test.loop()
                .addHandler(
                        client,
                        (channel, ready) -> {
                            events.add(ready);
                            if (ready != IOLoop.ERROR) {
                                channel.finishConnect();
                            }
                        },
                        IOLoop.WRITE);

        test.runUntil(() -> !events.isEmpty());
        test.runUntilIdle();

        assertThat(events).containsExactly(IOLoop.WRITE, IOLoop.ERROR);
        assertThat(test.loop().metrics().handlers()).isZero();
    }

    private void refuse() throws IOException {
        SocketAddress nobody = listener.getLocalAddress();
        listener.close();
        client.connect(nobody);
    }

    @GyreTest
    void aConnectFinishedBySomebodyElseDoesNotMakeTheLoopSpin(TestLoop test) throws IOException {
        test.loop().addHandler(client, (channel, ready) -> events.add(ready), IOLoop.NONE);
        client.connect(listener.getLocalAddress());
        test.loop().updateHandler(client, IOLoop.READ);
        finishConnectAtOnce();
        test.runUntilIdle();
        long turns = test.loop().metrics().turns();

        test.runUntilIdle();

        assertThat(test.loop().metrics().turns() - turns).isEqualTo(1);
        assertThat(events).isEmpty();
    }

    @GyreTest
    void afterAConnectFinishedBySomebodyElseInputIsReported(TestLoop test) throws IOException {
        client.connect(listener.getLocalAddress());
        test.loop().addHandler(client, (channel, ready) -> events.add(ready), IOLoop.READ);
        finishConnectAtOnce();

        try (SocketChannel peer = accept()) {
            ChannelBytes.write(peer, "x");
            test.runUntil(() -> !events.isEmpty());
        }

        assertThat(events).containsOnly(IOLoop.READ);
    }

    /// What must hold however busy the loop is otherwise: the sink is ready in every poll.
    @GyreTest
    void afterAConnectFinishedBySomebodyElseInputIsReportedOnABusyLoopToo(TestLoop test)
            throws IOException {
        Pipe busy = Pipe.open();
        busy.sink().configureBlocking(false);
        List<Integer> others = new ArrayList<>();
        test.loop().addHandler(busy.sink(), (channel, ready) -> others.add(ready), IOLoop.WRITE);
        client.connect(listener.getLocalAddress());
        test.loop().addHandler(client, (channel, ready) -> events.add(ready), IOLoop.READ);
        finishConnectAtOnce();

        try (SocketChannel peer = accept()) {
            ChannelBytes.write(peer, "x");
            test.runUntil(() -> !events.isEmpty() || others.size() == 1_000);
        }

        assertThat(events).containsOnly(IOLoop.READ).isNotEmpty();
        busy.sink().close();
        busy.source().close();
    }

    /// On loopback the connect has ended before this is called, or is about to.
    private void finishConnectAtOnce() throws IOException {
        while (!client.finishConnect()) {
            Thread.onSpinWait();
        }
    }
}

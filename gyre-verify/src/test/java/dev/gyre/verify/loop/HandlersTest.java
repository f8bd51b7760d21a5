package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.IOLoop;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class HandlersTest {

    private final List<Integer> events = new ArrayList<>();
    private TcpPair pair;
    private Pipe pipe;

    @BeforeEach
    void openChannels() throws IOException {
        pair = TcpPair.open();
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
    }

    @AfterEach
    void closeChannels() throws IOException {
        pair.close();
        pipe.source().close();
        pipe.sink().close();
    }

    /// Notes the events, and unregisters the channel so that the loop comes to rest.
    private void noteOnce(SelectableChannel channel, int ready) {
        events.add(ready);
        IOLoop.current().removeHandler(channel);
    }

    @GyreTest
    void readAndWriteComeInOneCallWithTheCombinedMask(TestLoop test) throws IOException {
        IOLoop loop = test.loop();
        loop.addHandler(pair.near(), (c, ready) -> events.add(ready), IOLoop.READ | IOLoop.WRITE);

        pair.farSends("x");
        test.runUntil(() -> events.stream().anyMatch(ready -> (ready & IOLoop.READ) != 0));

        assertThat(events.getLast()).isEqualTo(IOLoop.READ | IOLoop.WRITE);
        assertThat(loop.metrics().handled()).isEqualTo(events.size());
        loop.removeHandler(pair.near());
    }

    @GyreTest
    void onlyReadIsReportedWhenOnlyReadWasAskedFor(TestLoop test) throws IOException {
        test.loop().addHandler(pair.near(), this::noteOnce, IOLoop.READ);
        pair.farSends("x");

        test.runUntil(() -> !events.isEmpty());

        assertThat(events).containsExactly(IOLoop.READ);
    }

    @GyreTest
    void nothingIsReportedToAReaderWhileTheSocketIsOnlyWritable(TestLoop test) {
        test.loop().addHandler(pair.near(), this::noteOnce, IOLoop.READ);

        test.runUntilIdle();

        assertThat(events).isEmpty();
        test.loop().removeHandler(pair.near());
    }

    @GyreTest
    void theHandlerGetsTheVeryChannelThatWasRegistered(TestLoop test) throws IOException {
        List<SelectableChannel> seen = new ArrayList<>();
        test.loop().addHandler(pipe.source(), (channel, ready) -> seen.add(channel), IOLoop.READ);
        ChannelBytes.write(pipe.sink(), "x");

        test.runUntil(() -> !seen.isEmpty());

        assertThat(seen.getFirst()).isSameAs(pipe.source());
        test.loop().removeHandler(pipe.source());
    }

    @GyreTest
    void updatingReplacesTheMask(TestLoop test) throws IOException {
        test.loop().addHandler(pair.near(), this::noteOnce, IOLoop.READ);
        pair.farSends("x");

        test.loop().updateHandler(pair.near(), IOLoop.WRITE);
        test.runUntil(() -> !events.isEmpty());

        assertThat(events).containsExactly(IOLoop.WRITE);
    }

    @GyreTest
    void noneReportsNothingAndKeepsTheHandler(TestLoop test) throws IOException {
        test.loop().addHandler(pipe.source(), this::noteOnce, IOLoop.NONE);
        ChannelBytes.write(pipe.sink(), "x");
        test.runUntilIdle();
        assertThat(events).isEmpty();

        test.loop().updateHandler(pipe.source(), IOLoop.READ);
        test.runUntilIdle();

        assertThat(events).containsExactly(IOLoop.READ);
    }

    @GyreTest
    void errorMayBeAskedForAndChangesNothing(TestLoop test) throws IOException {
        test.loop().addHandler(pipe.source(), this::noteOnce, IOLoop.READ | IOLoop.ERROR);
        ChannelBytes.write(pipe.sink(), "x");

        test.runUntilIdle();

        assertThat(events).containsExactly(IOLoop.READ);
    }

    @GyreTest
    void readinessIsReportedAgainUntilItIsMet(TestLoop test) throws IOException {
        List<String> read = new ArrayList<>();
        test.loop()
                .addHandler(
                        pipe.source(),
                        (channel, ready) -> {
                            events.add(ready);
                            if (events.size() == 3) {
                                read.add(ChannelBytes.read(channel));
                            }
                        },
                        IOLoop.READ);
        ChannelBytes.write(pipe.sink(), "x");

        test.runUntilIdle();

        assertThat(events).hasSize(3);
        assertThat(read).containsExactly("x");
        test.loop().removeHandler(pipe.source());
    }

    @GyreTest
    void aHangUpIsReportedAsRead(TestLoop test) throws IOException {
        List<Integer> counts = new ArrayList<>();
        test.loop()
                .addHandler(
                        pair.near(),
                        (channel, ready) -> {
                            counts.add(channel.read(ByteBuffer.allocate(1)));
                            noteOnce(channel, ready);
                        },
                        IOLoop.READ);

        pair.far().close();
        test.runUntil(() -> !events.isEmpty());

        assertThat(events).containsExactly(IOLoop.READ);
        assertThat(counts).containsExactly(-1);
    }

    @GyreTest
    void registeringAChannelTwiceIsRefused(TestLoop test) throws IOException {
        test.loop().addHandler(pipe.source(), this::noteOnce, IOLoop.READ);

        assertThatIllegalStateException()
                .isThrownBy(() -> test.loop().addHandler(pipe.source(), (c, e) -> {}, IOLoop.READ))
                .withMessageContaining("updateHandler");

        ChannelBytes.write(pipe.sink(), "x");
        test.runUntilIdle();
        assertThat(events).containsExactly(IOLoop.READ);
    }

    @GyreTest
    void removingAChannelThatIsNotRegisteredIsHarmless(IOLoop loop) {
        assertThatCode(() -> loop.removeHandler(pipe.source())).doesNotThrowAnyException();
    }

    @GyreTest
    void updatingAChannelThatIsNotRegisteredIsRefused(IOLoop loop) {
        assertThatIllegalStateException()
                .isThrownBy(() -> loop.updateHandler(pipe.source(), IOLoop.READ))
                .withMessageContaining("addHandler");
    }

    @GyreTest
    void updatingAClosedChannelIsRefused(IOLoop loop) throws IOException {
        loop.addHandler(pipe.source(), (c, e) -> {}, IOLoop.READ);
        pipe.source().close();

        assertThatIllegalStateException()
                .isThrownBy(() -> loop.updateHandler(pipe.source(), IOLoop.READ));
    }

    @GyreTest
    void aRemovedChannelStaysOpenAndIsNotReported(TestLoop test) throws IOException {
        test.loop().addHandler(pipe.source(), this::noteOnce, IOLoop.READ);
        ChannelBytes.write(pipe.sink(), "x");

        test.loop().removeHandler(pipe.source());
        test.runUntilIdle();

        assertThat(events).isEmpty();
        assertThat(ChannelBytes.read(pipe.source())).isEqualTo("x");
    }

    @GyreTest
    void removingAndAddingAtOnceGivesTheNewHandler(TestLoop test) throws IOException {
        List<String> calls = new ArrayList<>();
        IOLoop loop = test.loop();
        loop.addHandler(pipe.source(), (channel, ready) -> calls.add("old"), IOLoop.READ);
        test.runUntilIdle();
        ChannelBytes.write(pipe.sink(), "x");

        loop.removeHandler(pipe.source());
        loop.addHandler(
                pipe.source(), (c, e) -> calls.add("new " + ChannelBytes.read(c)), IOLoop.READ);
        test.runUntilIdle();

        assertThat(calls).containsExactly("new x");
        loop.removeHandler(pipe.source());
    }

    @GyreTest
    void aHandlerMayReplaceItself(TestLoop test) throws IOException {
        IOLoop loop = test.loop();
        loop.addHandler(
                pipe.source(),
                (channel, ready) -> {
                    loop.removeHandler(channel);
                    loop.addHandler(channel, this::noteOnce, IOLoop.READ);
                },
                IOLoop.READ);
        ChannelBytes.write(pipe.sink(), "x");

        test.runUntilIdle();

        assertThat(events).containsExactly(IOLoop.READ);
    }

    @GyreTest
    void aHandlerThatClosesItsChannelInReadIsNotCalledForWrite(TestLoop test) throws IOException {
        test.loop()
                .addHandler(
                        pair.near(),
                        (channel, ready) -> {
                            events.add(ready);
                            channel.close();
                        },
                        IOLoop.READ | IOLoop.WRITE);

        pair.farSends("x");
        test.runUntilIdle();

        assertThat(events).hasSize(1);
    }

    @GyreTest
    void closingAChannelRemovesItsHandler(TestLoop test) throws IOException {
        test.loop().addHandler(pipe.source(), this::noteOnce, IOLoop.READ);
        ChannelBytes.write(pipe.sink(), "x");

        pipe.source().close();
        test.runUntilIdle();

        assertThat(events).isEmpty();
        assertThat(test.loop().metrics().handlers()).isZero();
    }

    @GyreTest
    void manyChannelsClosedWithoutRemovalLeaveNoEntries(TestLoop test) throws IOException {
        for (int i = 0; i < 1_000; i++) {
            Pipe opened = Pipe.open();
            opened.source().configureBlocking(false);
            test.loop().addHandler(opened.source(), (c, e) -> {}, IOLoop.READ);
            opened.source().close();
            opened.sink().close();
        }

        test.runUntilIdle();

        assertThat(test.loop().metrics().handlers()).isLessThanOrEqualTo(64);
    }

    @GyreTest
    void aMaskThatIsNoneIsRefused(IOLoop loop) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loop.addHandler(pipe.source(), (c, e) -> {}, 2))
                .withMessageContaining("0x2");
        assertThat(loop.metrics().handlers()).isZero();
    }

    @GyreTest
    void aDirectionThatTheChannelDoesNotHaveIsRefused(IOLoop loop) throws IOException {
        try (ServerSocketChannel listener = TcpPair.listen()) {
            listener.configureBlocking(false);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> loop.addHandler(listener, (c, e) -> {}, IOLoop.WRITE));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> loop.addHandler(pipe.sink(), (c, e) -> {}, IOLoop.READ));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> loop.addHandler(pipe.source(), (c, e) -> {}, IOLoop.WRITE));
        }
    }

    @GyreTest
    void aChannelInBlockingModeIsRefused(IOLoop loop) throws IOException {
        pipe.source().configureBlocking(true);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> loop.addHandler(pipe.source(), (c, e) -> {}, IOLoop.READ))
                .withMessageContaining("configureBlocking(false)");
    }

    @GyreTest
    void aClosedChannelIsRefused(IOLoop loop) throws IOException {
        pipe.source().close();

        assertThatThrownBy(() -> loop.addHandler(pipe.source(), (c, e) -> {}, IOLoop.READ))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(ClosedChannelException.class);
        assertThat(loop.metrics().handlers()).isZero();
    }

    @GyreTest
    void oneChannelMayBeRegisteredWithTwoLoops(TestLoop test) throws IOException {
        try (TestLoop other = new TestLoop(UnaryOperator.identity())) {
            test.loop().addHandler(pipe.source(), this::noteOnce, IOLoop.READ);
            other.loop().addHandler(pipe.source(), this::noteOnce, IOLoop.READ);
            ChannelBytes.write(pipe.sink(), "x");

            test.runUntilIdle();
            other.runUntilIdle();

            assertThat(events).containsExactly(IOLoop.READ, IOLoop.READ);
        }
    }
}

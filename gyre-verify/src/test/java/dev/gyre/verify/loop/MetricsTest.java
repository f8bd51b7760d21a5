package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopMetrics;
import dev.gyre.loop.LoopTimer;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(GyreTest.SECONDS_MAX)
class MetricsTest {

    @GyreTest
    void aNewLoopHasDoneNothing(IOLoop loop) {
        assertThat(loop.metrics())
                .isEqualTo(new LoopMetrics(0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0));
    }

    @GyreTest
    void callbacksTimersHooksAndListenersCountAsCallbacks(TestLoop test) {
        test.loop().addCallback(() -> {});
        test.loop().callLater(Duration.ZERO, () -> {});
        test.loop().beforePoll(() -> {});
        test.loop().runInExecutor(Runnable::run, () -> "x").onDone(value -> {}, failure -> {});

        test.runUntilIdle();

        // The fifth brings the result of the call to the loop.
        assertThat(test.loop().metrics().callbacks()).isEqualTo(5);
    }

    @GyreTest
    void turnsAreCountedWhenTheyBegin(TestLoop test) {
        IOLoop loop = test.loop();
        loop.addCallback(() -> loop.addCallback(() -> loop.addCallback(loop::stop)));

        loop.start();

        assertThat(loop.metrics().turns()).isEqualTo(3);
    }

    @GyreTest
    void pendingTimersAreThoseNeitherRunNorCancelled(TestLoop test) {
        IOLoop loop = test.loop();
        loop.callLater(Duration.ZERO, () -> {});
        LoopTimer cancelled = loop.callLater(Duration.ofSeconds(1), () -> {});
        LoopTimer pending = loop.callLater(Duration.ofSeconds(1), () -> {});
        assertThat(loop.metrics().timers()).isEqualTo(3);

        cancelled.cancel();
        test.runUntilIdle();

        assertThat(loop.metrics().timers()).isEqualTo(1);
        pending.cancel();
    }

    @GyreTest
    void handlersAreThoseRegisteredAndHandledAreTheirCalls(TestLoop test) throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        test.loop().addHandler(pipe.source(), (c, events) -> ChannelBytes.read(c), IOLoop.READ);
        ChannelBytes.write(pipe.sink(), "x");

        test.runUntilIdle();

        assertThat(test.loop().metrics().handlers()).isEqualTo(1);
        assertThat(test.loop().metrics().handled()).isEqualTo(1);
        test.loop().removeHandler(pipe.source());
        assertThat(test.loop().metrics().handlers()).isZero();
        pipe.source().close();
        pipe.sink().close();
    }

    @GyreTest
    void theLongestTurnIsKept(TestLoop test) {
        test.loop().addCallback(() -> test.time().advance(Duration.ofSeconds(3)));
        test.runUntilIdle();
        test.loop().addCallback(() -> test.time().advance(Duration.ofSeconds(2)));
        test.runUntilIdle();

        assertThat(test.loop().metrics().longestTurn()).isEqualTo(Duration.ofSeconds(3));
    }

    /// A turn is long from the poll that woke it: its handlers come first, its callbacks after.
    @GyreTest
    void handlersAndTheCallbacksAfterThemAreOneStretchOfWork(TestLoop test) throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        test.loop()
                .addHandler(
                        pipe.source(),
                        (channel, events) -> {
                            channel.close();
                            test.time().advance(Duration.ofSeconds(3));
                            test.loop()
                                    .addCallback(() -> test.time().advance(Duration.ofSeconds(2)));
                        },
                        IOLoop.READ);
        ChannelBytes.write(pipe.sink(), "x");

        test.runUntilIdle();

        assertThat(test.loop().metrics().longestTurn()).isEqualTo(Duration.ofSeconds(5));
        pipe.sink().close();
    }

    @Test
    void timeInThePollerIsPolling() {
        ScriptedTime clock = new ScriptedTime(0);
        ScriptedPoller poller = new ScriptedPoller();
        poller.onPoll(clock::advanceBy);
        try (IOLoop loop = new IOLoop(clock.with(poller))) {
            loop.callLater(Duration.ofSeconds(7), loop::stop);

            loop.start();

            assertThat(loop.metrics().polling()).isEqualTo(Duration.ofSeconds(7));
            assertThat(loop.metrics().longestTurn()).isZero();
        }
    }

    @GyreTest
    void timeBetweenTwoStartsIsNeitherWorkNorPolling(TestLoop test) {
        test.runUntilIdle();
        test.time().advance(Duration.ofHours(1));
        test.runUntilIdle();

        assertThat(test.loop().metrics().longestTurn()).isZero();
        assertThat(test.loop().metrics().polling()).isZero();
    }
}

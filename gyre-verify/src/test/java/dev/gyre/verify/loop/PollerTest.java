package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Poller;
import dev.gyre.testing.GyreTest;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.Pipe.SourceChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The platform's poller by itself, as its interface describes it.
@Timeout(GyreTest.SECONDS_MAX)
class PollerTest {

    private final List<Integer> told = new ArrayList<>();
    private final List<Pipe> pipes = new ArrayList<>();
    private Poller poller;

    @BeforeEach
    void open() {
        poller = Poller.open();
    }

    @AfterEach
    void close() throws IOException {
        poller.close();
        for (Pipe pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }

    private SourceChannel readable() throws IOException {
        Pipe pipe = Pipe.open();
        pipes.add(pipe);
        pipe.source().configureBlocking(false);
        ChannelBytes.write(pipe.sink(), "x");
        return pipe.source();
    }

    @Test
    void aReadyChannelIsToldAtOnceInEachPoll() throws IOException {
        poller.watch(readable(), IOLoop.READ, told::add);

        poller.poll(Long.MAX_VALUE);
        poller.poll(Long.MAX_VALUE);

        assertThat(told).containsExactly(IOLoop.READ, IOLoop.READ);
    }

    @Test
    void aPollThatMayNotWaitReturnsWithNothing() throws IOException {
        poller.poll(0);
        poller.poll(-1);

        assertThat(told).isEmpty();
    }

    @Test
    void aTimeoutBelowAMillisecondIsNotCutToNone() throws IOException {
        long start = System.nanoTime();

        poller.poll(1);

        // At least, since a loop that is woken early polls again at once until the time has come.
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1);
    }

    @Test
    void aWakeUpBeforeThePollIsNotLost() throws IOException {
        poller.wakeup();
        poller.wakeup();

        poller.poll(Long.MAX_VALUE);

        assertThat(told).isEmpty();
    }

    @Test
    void aCancelledWatchIsNotToldAndCancellingAgainIsHarmless() throws IOException {
        Poller.Watch watch = poller.watch(readable(), IOLoop.READ, told::add);

        watch.cancel();
        watch.cancel();
        poller.poll(0);

        assertThat(told).isEmpty();
    }

    @Test
    void aChannelMayBeWatchedAgainAtOnce() throws IOException {
        SourceChannel channel = readable();
        poller.watch(channel, IOLoop.READ, told::add).cancel();

        poller.watch(channel, IOLoop.READ, events -> told.add(-events));
        poller.poll(0);

        assertThat(told).containsExactly(-IOLoop.READ);
    }

    @Test
    void changingOrCancellingTheWatchOfAClosedChannelIsHarmless() throws IOException {
        SourceChannel channel = readable();
        Poller.Watch watch = poller.watch(channel, IOLoop.READ, told::add);
        channel.close();

        assertThatCode(
                        () -> {
                            watch.events(IOLoop.NONE);
                            watch.events(IOLoop.READ);
                            watch.cancel();
                            poller.poll(0);
                        })
                .doesNotThrowAnyException();
        assertThat(told).isEmpty();
    }

    @Test
    void aClosedChannelIsRefused() throws IOException {
        SourceChannel channel = readable();
        channel.close();

        assertThatThrownBy(() -> poller.watch(channel, IOLoop.READ, told::add))
                .isInstanceOf(ClosedChannelException.class);
    }

    /// The channel is closed as by another thread, between the kernel's answer and ours.
    @Test
    void aChannelClosedInTheMiddleOfAPollDoesNotFailThePoll() throws IOException {
        List<SourceChannel> channels = List.of(readable(), readable());
        for (SourceChannel channel : channels) {
            poller.watch(
                    channel,
                    IOLoop.READ,
                    events -> {
                        told.add(events);
                        closeAll(channels);
                    });
        }

        assertThatCode(() -> poller.poll(0)).doesNotThrowAnyException();

        assertThat(told).isNotEmpty();
    }

    private static void closeAll(List<SourceChannel> channels) {
        for (SourceChannel channel : channels) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void wakingAClosedPollerIsHarmless() throws IOException {
        poller.close();

        assertThatCode(poller::wakeup).doesNotThrowAnyException();
    }

    @Test
    void theLongestFiniteTimeoutIsTaken() throws IOException {
        poller.wakeup();

        assertThatCode(() -> poller.poll(Duration.ofDays(36_500).toNanos()))
                .doesNotThrowAnyException();
    }

    @Test
    void aPollerNamesItsMechanism() {
        assertThat(poller.toString()).contains("Selector");
    }
}

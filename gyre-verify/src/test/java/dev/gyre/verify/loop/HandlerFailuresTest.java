package dev.gyre.verify.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.Handler;
import dev.gyre.loop.IOLoop;
import dev.gyre.testing.ExpectLog;
import dev.gyre.testing.GyreTest;
import dev.gyre.testing.LoopExtension;
import dev.gyre.testing.TestLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Pipe;
import java.nio.channels.Pipe.SourceChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Handlers that throw, on a pipe that stays readable, with their failures gathered.
@Timeout(GyreTest.SECONDS_MAX)
@ExtendWith(LoopExtension.class)
class HandlerFailuresTest {

    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    private final List<Integer> events = new ArrayList<>();
    private final List<Throwable> uncaught = new ArrayList<>();
    private TestLoop test;
    private IOLoop loop;
    private Pipe pipe;

    @BeforeEach
    void open() throws IOException {
        test =
                new TestLoop(options ->
                        options.withUncaughtHandler(
                                (where, running, failure) -> uncaught.add(failure)));
        loop = test.loop();
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        ChannelBytes.write(pipe.sink(), "x");
    }

    @AfterEach
    void close() throws IOException {
        test.close();
        pipe.source().close();
        pipe.sink().close();
    }

    private void handle(Handler<SourceChannel> handler) {
        loop.addHandler(
                pipe.source(),
                (channel, ready) -> {
                    events.add(ready);
                    handler.handle(channel, ready);
                },
                IOLoop.READ);
    }

    @Test
    void anIoExceptionBecomesErrorAndIsNotReported() {
        handle((channel, ready) -> {
            if (ready == IOLoop.ERROR) {
                loop.removeHandler(channel);
                return;
            }
            throw new IOException("reset");
        });

        test.runUntilIdle();

        assertThat(events).containsExactly(IOLoop.READ, IOLoop.ERROR);
        assertThat(uncaught).isEmpty();
    }

    @Test
    void anIoExceptionOutOfErrorIsReportedWithTheFirstOneInIt() {
        handle((channel, ready) -> {
            if (ready == IOLoop.ERROR) {
                loop.removeHandler(channel);
            }
            throw new IOException("for " + ready);
        });

        test.runUntilIdle();

        assertThat(uncaught).singleElement().satisfies(e -> assertThat(e).hasMessage("for 24"));
        assertThat(uncaught.getFirst().getSuppressed())
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessage("for 1"));
    }

    @Test
    void anIoExceptionAfterTheChannelWasClosedIsReportedAtOnce() {
        handle((channel, ready) -> {
            channel.close();
            throw new IOException("late");
        });

        test.runUntilIdle();

        assertThat(events).containsExactly(IOLoop.READ);
        assertThat(uncaught).singleElement().satisfies(e -> assertThat(e).hasMessage("late"));
    }

    @Test
    void aRuntimeExceptionIsReportedAndTheHandlerStays() {
        handle((channel, ready) -> {
            if (events.size() == 1) {
                throw new IllegalArgumentException("first");
            }
            loop.removeHandler(channel);
        });

        test.runUntilIdle();

        assertThat(events).containsExactly(IOLoop.READ, IOLoop.READ);
        assertThat(uncaught).singleElement().isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anErrorThatIsNotTheMachinesIsReportedToo() {
        handle((channel, ready) -> {
            loop.removeHandler(channel);
            throw new AssertionError("wrong");
        });

        test.runUntilIdle();

        assertThat(uncaught).singleElement().isInstanceOf(AssertionError.class);
    }

    @Test
    void theFirstFailureDoesNotPauseAndFurtherOnesPauseForADoublingTime() {
        List<Long> millis = new ArrayList<>();
        long start = loop.time();
        handle((channel, ready) -> {
            millis.add((loop.time() - start) / 1_000_000);
            throw new IllegalStateException("again");
        });

        test.advance(Duration.ofMillis(31));

        assertThat(millis).containsExactly(0L, 0L, 1L, 3L, 7L, 15L, 31L);
        assertThat(uncaught).hasSize(7);
    }

    @Test
    void afterTheLastFailureTheHandlerIsRemovedAndTheChannelClosed(ExpectLog log) {
        log.expect("dev.gyre.general", Level.ERROR, "failed 16 times in a row");
        handle((channel, ready) -> {
            throw new IllegalStateException("again");
        });

        test.advance(FIVE_SECONDS.plusMillis(23));

        assertThat(events).hasSize(IOLoop.HANDLER_FAILURES_MAX);
        assertThat(pipe.source().isOpen()).isFalse();
        assertThat(test.leftovers()).isEmpty();
    }

    @Test
    void beforeTheLastFailureTheHandlerStays() {
        handle((channel, ready) -> {
            throw new IllegalStateException("again");
        });

        test.advance(FIVE_SECONDS.plusMillis(22));

        assertThat(events).hasSize(IOLoop.HANDLER_FAILURES_MAX - 1);
        assertThat(pipe.source().isOpen()).isTrue();
    }

    @Test
    void ioExceptionsThatErrorAnswersCountToo(ExpectLog log) {
        log.expect("dev.gyre.general", Level.ERROR, "failed 16 times in a row");
        handle((channel, ready) -> {
            if (ready != IOLoop.ERROR) {
                throw new IOException("ignored by the part for ERROR");
            }
        });

        test.advance(FIVE_SECONDS.plusMillis(23));

        assertThat(events).hasSize(2 * IOLoop.HANDLER_FAILURES_MAX);
        assertThat(pipe.source().isOpen()).isFalse();
    }

    @Test
    void oneSuccessForgivesAllFailures() {
        handle((channel, ready) -> {
            if (events.size() % IOLoop.HANDLER_FAILURES_MAX != 0) {
                throw new IllegalStateException("all but each 16th");
            }
        });

        test.advance(FIVE_SECONDS.multipliedBy(4));

        assertThat(events).hasSizeGreaterThan(3 * IOLoop.HANDLER_FAILURES_MAX);
        assertThat(pipe.source().isOpen()).isTrue();
    }

    @Test
    void removingAPausedHandlerEndsItsPause() {
        handle((channel, ready) -> {
            throw new IllegalStateException("again");
        });
        test.runUntilIdle();

        loop.removeHandler(pipe.source());
        test.advance(FIVE_SECONDS);

        assertThat(events).hasSize(2);
        assertThat(test.leftovers()).isEmpty();
    }

    @Test
    void updatingAPausedHandlerDoesNotEndItsPause() {
        handle((channel, ready) -> {
            throw new IllegalStateException("again");
        });
        test.runUntilIdle();

        loop.updateHandler(pipe.source(), IOLoop.READ);
        test.runUntilIdle();
        assertThat(events).hasSize(2);
        loop.updateHandler(pipe.source(), IOLoop.NONE);
        test.advance(FIVE_SECONDS);

        assertThat(events).hasSize(2);
    }

    @Test
    void registeringAPausedChannelAnewBeginsAnew() {
        handle((channel, ready) -> {
            throw new IllegalStateException("again");
        });
        test.runUntilIdle();
        loop.removeHandler(pipe.source());

        handle((channel, ready) -> loop.removeHandler(channel));
        test.runUntilIdle();

        assertThat(events).hasSize(3);
    }

    @Test
    void aPausedChannelThatIsClosedIsLeftAlone() throws IOException {
        handle((channel, ready) -> {
            throw new IllegalStateException("again");
        });
        test.runUntilIdle();

        pipe.source().close();
        test.advance(FIVE_SECONDS);

        assertThat(events).hasSize(2);
        assertThat(test.leftovers()).isEmpty();
    }

    @Test
    void theOtherHandlersOfTheTurnStillRun() throws IOException {
        Pipe other = Pipe.open();
        other.source().configureBlocking(false);
        ChannelBytes.write(other.sink(), "y");
        handle((channel, ready) -> {
            loop.removeHandler(channel);
            throw new IllegalStateException("one fails");
        });
        List<String> read = new ArrayList<>();
        loop.addHandler(other.source(), (c, ready) -> read.add(ChannelBytes.read(c)), IOLoop.READ);

        test.runUntilIdle();

        assertThat(read).containsExactly("y");
        assertThat(uncaught).hasSize(1);
        other.sink().close();
        other.source().close();
    }
}

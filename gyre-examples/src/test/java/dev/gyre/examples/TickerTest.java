package dev.gyre.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.Task;
import dev.gyre.loop.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TickerTest {

    private final AtomicLong millis = new AtomicLong();

    /// A clock that the test alone moves.
    private final TimeSource clock = () -> Duration.ofMillis(millis.get()).toNanos();

    private IOLoop loop() {
        return new IOLoop(LoopOptions.defaults().withTimeSource(clock));
    }

    @Test
    void theGapUnderWayCounts() {
        try (IOLoop loop = loop()) {
            Ticker ticker = new Ticker(loop, Duration.ofMillis(50));

            millis.addAndGet(70);

            assertThat(ticker.longestGap()).isEqualTo(Duration.ofMillis(70));
        }
    }

    @Test
    void theLongestGapIsKeptUntilForgotten() {
        try (IOLoop loop = loop()) {
            Ticker ticker = new Ticker(loop, Duration.ZERO);

            loop.runSync(() -> {
                Task<?> ticking = loop.spawn("ticker", ticker::run);
                tickAfter(30);
                tickAfter(200);
                tickAfter(40);
                assertThat(ticker.longestGap()).isEqualTo(Duration.ofMillis(200));

                ticker.forget();
                tickAfter(60);

                assertThat(ticker.longestGap()).isEqualTo(Duration.ofMillis(60));
                return ticking.cancel();
            });
        }
    }

    /// With a period of zero, a tick takes a few turns and no time.
    private void tickAfter(long count) {
        millis.addAndGet(count);
        for (int turn = 0; turn < 10; turn++) {
            Task.pause();
        }
    }
}

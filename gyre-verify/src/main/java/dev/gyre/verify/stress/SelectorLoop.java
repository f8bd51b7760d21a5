package dev.gyre.verify.stress;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import dev.gyre.loop.LoopTimer;
import java.time.Duration;

/// One loop with the poller of the platform, started and stopped again for every iteration: a
/// selector for each of them would run out of descriptors.
///
/// A timer stands for the patience of [ParkingPoller], so that a lost wake-up gives a result.
final class SelectorLoop {

    private static final Duration OVERSLEPT = Duration.ofSeconds(10);

    private final IOLoop loop = new IOLoop(LoopOptions.defaults().withName("selector"));

    /// Whether the timer ended the start under way. Touched by the loop's thread alone.
    private boolean overslept;

    IOLoop loop() {
        return loop;
    }

    String start() {
        overslept = false;
        LoopTimer patience = loop.callLater(OVERSLEPT, this::overslept);
        String outcome = StressedLoop.outcome(loop::start);
        patience.cancel();
        return overslept ? StressedLoop.OVERSLEPT : outcome;
    }

    private void overslept() {
        overslept = true;
        loop.stop();
    }
}

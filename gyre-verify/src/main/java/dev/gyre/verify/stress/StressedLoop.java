package dev.gyre.verify.stress;

import dev.gyre.loop.Callback;
import dev.gyre.loop.IOLoop;
import dev.gyre.loop.LoopOptions;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A loop with a [ParkingPoller], whose life cycle calls give their outcome as a word.
final class StressedLoop {

    /// The call did what it is for.
    static final String DONE = "done";

    /// The call threw `IllegalStateException`.
    static final String REFUSED = "refused";

    /// The call threw something that no documentation mentions.
    static final String FAILED = "failed";

    /// The loop slept on although it had been woken, or polled a closed poller.
    static final String OVERSLEPT = "overslept";

    // A generator is given, because finding the default one costs more than all the rest of a loop.
    private static final LoopOptions OPTIONS =
            LoopOptions.defaults().withName("stressed").withRandom(new SplittableRandom(1));

    private final ParkingPoller poller = new ParkingPoller();
    private final IOLoop loop = new IOLoop(OPTIONS.withPoller(() -> poller));

    IOLoop loop() {
        return loop;
    }

    /// Runs the loop until somebody stops it.
    String start() {
        return outcome(loop::start);
    }

    /// Runs what is queued, in one start.
    String runQueued() {
        loop.addCallback(loop::stop);
        return start();
    }

    String add(Callback callback) {
        return outcome(() -> loop.addCallback(callback));
    }

    String stop() {
        return outcome(loop::stop);
    }

    String close() {
        return outcome(loop::close);
    }

    int pollerCloseCount() {
        return poller.closeCount();
    }

    static String outcome(Runnable call) {
        try {
            call.run();
            return DONE;
        } catch (IllegalStateException e) {
            return REFUSED;
        } catch (UncheckedIOException e) {
            return OVERSLEPT;
        } catch (RuntimeException e) {
            return FAILED + " " + e;
        }
    }

    /// Waits; at first without leaving the processor, or the race would be over.
    static void await(BooleanSupplier condition) {
        for (int look = 0; !condition.getAsBoolean(); look++) {
            if (look % 1000 == 999) {
                LockSupport.parkNanos(1_000);
            } else {
                Thread.onSpinWait();
            }
        }
    }
}

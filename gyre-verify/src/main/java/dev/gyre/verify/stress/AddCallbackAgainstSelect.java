package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gyre.loop.IOLoop;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/// [AddCallbackAgainstSleep] with the poller of the platform.
@JCStressTest
@State
@Outcome(id = "done, 4", expect = ACCEPTABLE, desc = "The loop was woken for each callback.")
@Outcome(
        id = "overslept, .*",
        expect = FORBIDDEN,
        desc = "The loop fell asleep over a callback, and nobody woke it.")
@Outcome(expect = FORBIDDEN, desc = "A callback was lost or doubled.")
public class AddCallbackAgainstSelect {

    private static final int ROUNDS = 4;
    private static final SelectorLoop SHARED = new SelectorLoop();

    /// Set when the shared loop is started for this iteration, and when that start has ended.
    private volatile boolean begun;

    private volatile boolean ended;

    /// How many callbacks have run. Written by the loop's thread, awaited by the other.
    private volatile int ranCount;

    @Actor
    public void loop(LI_Result result) {
        begun = true;
        result.r1 = SHARED.start();
        ended = true;
    }

    @Actor
    public void foreign() {
        IOLoop loop = SHARED.loop();
        StressedLoop.await(() -> begun);
        for (int round = 1; round <= ROUNDS; round++) {
            int sought = round;
            loop.addCallback(() -> ran(sought));
            StressedLoop.await(() -> ranCount >= sought || ended);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop's thread writes.
    private void ran(int round) {
        ranCount++;
        if (round == ROUNDS) {
            SHARED.loop().stop();
        }
    }

    @Arbiter
    public void look(LI_Result result) {
        result.r2 = ranCount;
    }
}

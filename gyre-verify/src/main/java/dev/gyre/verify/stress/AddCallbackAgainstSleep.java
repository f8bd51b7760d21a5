package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;

/// Each callback is added as soon as the one before has run: just when the loop looks at its empty
/// queue and falls asleep.
@JCStressTest
@State
@Outcome(id = "done, 8", expect = ACCEPTABLE, desc = "The loop was woken for each callback.")
@Outcome(
        id = "overslept, .*",
        expect = FORBIDDEN,
        desc = "The loop fell asleep over a callback, and nobody woke it.")
@Outcome(expect = FORBIDDEN, desc = "A callback was lost or doubled.")
public class AddCallbackAgainstSleep {

    private static final int ROUNDS = 8;

    private final StressedLoop stressed = new StressedLoop();

    /// How many callbacks have run. Written by the loop's thread, awaited by the other.
    private volatile int ranCount;

    /// Set when the loop has ended, whatever the reason.
    private volatile boolean ended;

    @Actor
    public void loop(LI_Result result) {
        result.r1 = stressed.start();
        ended = true;
    }

    @Actor
    public void foreign() {
        for (int round = 1; round <= ROUNDS; round++) {
            int sought = round;
            stressed.add(() -> ran(sought));
            StressedLoop.await(() -> ranCount >= sought || ended);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop's thread writes.
    private void ran(int round) {
        ranCount++;
        if (round == ROUNDS) {
            stressed.stop();
        }
    }

    @Arbiter
    public void look(LI_Result result) {
        result.r2 = ranCount;
        stressed.close();
    }
}

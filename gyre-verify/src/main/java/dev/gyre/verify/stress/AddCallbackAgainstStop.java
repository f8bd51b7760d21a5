package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;

/// A callback is added while another callback stops the loop; the loop is then started again.
@JCStressTest
@State
@Outcome(id = "done, 1, 1", expect = ACCEPTABLE, desc = "It ran before the loop had stopped.")
@Outcome(id = "done, 0, 1", expect = ACCEPTABLE, desc = "It was kept for the next start.")
@Outcome(
        id = "overslept, .*",
        expect = FORBIDDEN,
        desc = "The stop was lost, or nobody woke the loop.")
@Outcome(expect = FORBIDDEN, desc = "The callback was lost or doubled by the restart.")
public class AddCallbackAgainstStop {

    private final StressedLoop stressed = new StressedLoop();

    /// How often the callback has run. Touched by the loop's thread alone.
    private int ranCount;

    @Actor
    public void loop(LII_Result result) {
        stressed.add(stressed::stop);
        result.r1 = stressed.start();
        result.r2 = ranCount;
    }

    @Actor
    public void foreign() {
        stressed.add(() -> ranCount++);
    }

    @Arbiter
    public void startAgain(LII_Result result) {
        stressed.runQueued();
        result.r3 = ranCount;
        stressed.close();
    }
}

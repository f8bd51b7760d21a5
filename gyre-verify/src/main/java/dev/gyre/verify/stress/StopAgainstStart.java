package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;

/// The loop is stopped while it starts; then it is started again.
@JCStressTest
@State
@Outcome(id = "done, 0, 1", expect = ACCEPTABLE, desc = "The stop was first: nothing ran.")
@Outcome(id = "done, 1, 1", expect = ACCEPTABLE, desc = "The start was first.")
@Outcome(
        id = "overslept, .*",
        expect = FORBIDDEN,
        desc = "The stop was lost between start and sleep.")
@Outcome(
        id = "done, ., 0",
        expect = FORBIDDEN,
        desc = "The callback was lost, or the one stop ended two starts.")
@Outcome(expect = FORBIDDEN, desc = "The callback was doubled.")
public class StopAgainstStart {

    private final StressedLoop stressed = new StressedLoop();

    /// How often the callback has run. Touched by the loop's thread alone.
    private int ranCount;

    @Actor
    public void start(LII_Result result) {
        stressed.add(() -> ranCount++);
        result.r1 = stressed.start();
        result.r2 = ranCount;
    }

    @Actor
    public void stop() {
        stressed.stop();
    }

    @Arbiter
    public void startAgain(LII_Result result) {
        stressed.runQueued();
        result.r3 = ranCount;
        stressed.close();
    }
}

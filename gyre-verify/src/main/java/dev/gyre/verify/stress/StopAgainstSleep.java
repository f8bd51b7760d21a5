package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// The loop is stopped as soon as its last callback has run: just when it falls asleep.
@JCStressTest
@State
@Outcome(id = "done", expect = ACCEPTABLE, desc = "The loop stopped.")
@Outcome(
        id = "overslept",
        expect = FORBIDDEN,
        desc = "The loop fell asleep over a stop, and nobody woke it.")
@Outcome(expect = FORBIDDEN, desc = "start threw although nothing was wrong.")
public class StopAgainstSleep {

    private final StressedLoop stressed = new StressedLoop();

    /// Set by the loop's only callback.
    private volatile boolean ran;

    @Actor
    public void start(L_Result result) {
        stressed.add(() -> ran = true);
        result.r1 = stressed.start();
    }

    @Actor
    public void stop() {
        StressedLoop.await(() -> ran);
        stressed.stop();
    }

    @Arbiter
    public void close(L_Result result) {
        stressed.close();
    }
}

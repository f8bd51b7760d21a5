package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// [StopAgainstSleep] and [StopAgainstStart] with the poller of the platform.
@JCStressTest
@State
@Outcome(id = "done", expect = ACCEPTABLE, desc = "The loop stopped.")
@Outcome(
        id = "overslept",
        expect = FORBIDDEN,
        desc = "The loop fell asleep over a stop, and nobody woke it.")
@Outcome(expect = FORBIDDEN, desc = "start threw although nothing was wrong.")
public class StopAgainstSelect {

    private static final SelectorLoop SHARED = new SelectorLoop();

    /// Set when the shared loop is started for this iteration.
    private volatile boolean begun;

    @Actor
    public void start(L_Result result) {
        begun = true;
        result.r1 = SHARED.start();
    }

    @Actor
    public void stop() {
        StressedLoop.await(() -> begun);
        SHARED.loop().stop();
    }
}

package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/// A loop that does not run is stopped while it is closed. Then somebody tries to start it.
@JCStressTest
@State
@Outcome(
        id = "done, done, refused, 1",
        expect = ACCEPTABLE,
        desc = "Closed; the stop before or after it did nothing.")
@Outcome(id = "done, done, done, .*", expect = FORBIDDEN, desc = "A closed loop could be started.")
@Outcome(expect = FORBIDDEN, desc = "stop or close threw, or the poller was not closed once.")
public class StopAgainstClose {

    private final StressedLoop stressed = new StressedLoop();

    @Actor
    public void stop(LLLL_Result result) {
        result.r1 = stressed.stop();
    }

    @Actor
    public void close(LLLL_Result result) {
        result.r2 = stressed.close();
    }

    @Arbiter
    public void start(LLLL_Result result) {
        result.r3 = stressed.runQueued();
        result.r4 = stressed.pollerCloseCount();
    }
}

package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/// Two threads close one loop.
@JCStressTest
@State
@Outcome(id = "done, done, 1", expect = ACCEPTABLE, desc = "Closed once; the second did nothing.")
@Outcome(id = "done, done, .*", expect = FORBIDDEN, desc = "Closed by both or by none.")
@Outcome(expect = FORBIDDEN, desc = "close threw although the loop did not run.")
public class CloseAgainstClose {

    private final StressedLoop stressed = new StressedLoop();

    @Actor
    public void first(LLI_Result result) {
        result.r1 = stressed.close();
    }

    @Actor
    public void second(LLI_Result result) {
        result.r2 = stressed.close();
    }

    @Arbiter
    public void look(LLI_Result result) {
        result.r3 = stressed.pollerCloseCount();
    }
}

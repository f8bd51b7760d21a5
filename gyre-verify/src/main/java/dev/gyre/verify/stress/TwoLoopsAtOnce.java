package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gyre.loop.IOLoop;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// Two loops start and stop on two threads; each asks which loop is current.
@JCStressTest
@State
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Each found itself.")
@Outcome(
        expect = FORBIDDEN,
        desc = "A callback was told another loop than its own: the list of loops was torn.")
public class TwoLoopsAtOnce {

    private final StressedLoop first = new StressedLoop();
    private final StressedLoop second = new StressedLoop();

    @Actor
    public void first(ZZ_Result result) {
        first.add(() -> result.r1 = IOLoop.current() == first.loop());
        first.runQueued();
        first.close();
    }

    @Actor
    public void second(ZZ_Result result) {
        second.add(() -> result.r2 = IOLoop.current() == second.loop());
        second.runQueued();
        second.close();
    }
}

package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/// A callback is added while the loop is closed. Then somebody tries to start the loop.
@JCStressTest
@State
@Outcome(
        id = "done, done, refused, 0",
        expect = ACCEPTABLE,
        desc = "The callback was dropped without a word, the loop closed.")
@Outcome(id = "(failed|refused).*", expect = FORBIDDEN, desc = "addCallback threw; it never does.")
@Outcome(id = "done, done, done.*", expect = FORBIDDEN, desc = "A closed loop could be started.")
@Outcome(expect = FORBIDDEN, desc = "The loop failed to close, or the callback ran after close.")
public class AddCallbackAgainstClose {

    private final StressedLoop stressed = new StressedLoop();

    /// How often the callback has run. Touched by the loop's thread alone.
    private int ranCount;

    @Actor
    public void add(LLLL_Result result) {
        result.r1 = stressed.add(() -> ranCount++);
    }

    @Actor
    public void close(LLLL_Result result) {
        result.r2 = stressed.close();
    }

    @Arbiter
    public void start(LLLL_Result result) {
        result.r3 = stressed.runQueued();
        result.r4 = ranCount;
    }
}

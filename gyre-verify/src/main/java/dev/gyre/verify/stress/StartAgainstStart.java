package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/// Two threads start one loop. Its callback lets the winner go only when the other is through.
@JCStressTest
@State
@Outcome(
        id = {"done, refused, 1", "refused, done, 1"},
        expect = ACCEPTABLE,
        desc = "Exactly one thread runs the loop.")
@Outcome(id = "refused, refused, 0", expect = FORBIDDEN, desc = "Nobody runs the loop.")
@Outcome(expect = FORBIDDEN, desc = "Two threads ran the loop at once.")
public class StartAgainstStart {

    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final StressedLoop stressed = new StressedLoop();

    /// How often the callback has run.
    private int ranCount;

    /// Set by the thread whose start has returned or was refused.
    private volatile boolean through;

    public StartAgainstStart() {
        stressed.add(this::stopWhenTheOtherIsThrough);
    }

    private void stopWhenTheOtherIsThrough() {
        ranCount++;
        long begin = System.nanoTime();
        StressedLoop.await(() -> through || System.nanoTime() - begin > PATIENCE_NANOS);
        stressed.stop();
    }

    @Actor
    public void first(LLI_Result result) {
        result.r1 = stressed.start();
        through = true;
    }

    @Actor
    public void second(LLI_Result result) {
        result.r2 = stressed.start();
        through = true;
    }

    @Arbiter
    public void look(LLI_Result result) {
        result.r3 = ranCount;
        stressed.close();
    }
}

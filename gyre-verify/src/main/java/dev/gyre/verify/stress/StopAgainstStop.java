package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;

/// A loop stops itself while a foreign thread stops it. Then it is started until a callback has
/// run.
@JCStressTest
@State
@Outcome(id = "done, 1, 1", expect = ACCEPTABLE, desc = "Both stops ended the same start.")
@Outcome(
        id = "done, 2, 1",
        expect = ACCEPTABLE,
        desc = "The foreign stop came when start had returned, and ended the next one at once.")
@Outcome(id = "overslept, .*", expect = FORBIDDEN, desc = "Two stops cancelled each other out.")
@Outcome(expect = FORBIDDEN, desc = "A stop ended two starts, or a callback was lost or doubled.")
public class StopAgainstStop {

    private static final int STARTS_MAX = 4;

    private final StressedLoop stressed = new StressedLoop();

    /// How often the callback has run. Touched by the loop's thread alone.
    private int ranCount;

    @Actor
    public void loop(LII_Result result) {
        stressed.add(stressed::stop);
        result.r1 = stressed.start();
    }

    @Actor
    public void stop() {
        stressed.stop();
    }

    @Arbiter
    public void startAgain(LII_Result result) {
        // A stop is left over only when the foreign one came before the start.
        stressed.add(() -> {
            ranCount++;
            stressed.stop();
        });
        while (ranCount == 0 && result.r2 < STARTS_MAX) {
            stressed.start();
            result.r2++;
        }
        result.r3 = ranCount;
        stressed.close();
    }
}

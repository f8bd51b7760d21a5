package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/// A foreign thread adds callbacks to a loop whose own callbacks add callbacks too. The loop is
/// stopped by the sixth that runs, so one that is lost leaves it asleep.
@JCStressTest
@State
@Outcome(id = "done, abc, xyz", expect = ACCEPTABLE, desc = "Each ran once, in its thread's order.")
@Outcome(
        id = "overslept, .*",
        expect = FORBIDDEN,
        desc = "A callback was lost, or the loop not woken for it.")
@Outcome(expect = FORBIDDEN, desc = "A callback was doubled, or overtook one added before it.")
public class AddCallbackToRunningLoop {

    private static final String OWN = "abc";
    private static final String FOREIGN = "xyz";

    private final StressedLoop stressed = new StressedLoop();

    /// The callbacks that have run, by who added them. Touched by the loop's thread alone.
    private final StringBuilder ranOwn = new StringBuilder();

    private final StringBuilder ranForeign = new StringBuilder();

    @Actor
    public void loop(LLL_Result result) {
        stressed.add(() -> own(0));
        result.r1 = stressed.start();
    }

    @Actor
    public void foreign() {
        for (int i = 0; i < FOREIGN.length(); i++) {
            char letter = FOREIGN.charAt(i);
            stressed.add(() -> ran(ranForeign, letter));
        }
    }

    private void own(int index) {
        if (index + 1 < OWN.length()) {
            stressed.add(() -> own(index + 1));
        }
        ran(ranOwn, OWN.charAt(index));
    }

    private void ran(StringBuilder list, char letter) {
        list.append(letter);
        if (ranOwn.length() + ranForeign.length() == OWN.length() + FOREIGN.length()) {
            stressed.stop();
        }
    }

    @Arbiter
    public void look(LLL_Result result) {
        result.r2 = ranOwn.toString();
        result.r3 = ranForeign.toString();
        stressed.close();
    }
}

package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/// Two threads add two callbacks each to a loop that does not run yet.
@JCStressTest
@State
@Outcome(
        id = {"aAbB", "abAB", "abBA", "baAB", "baBA", "bBaA"},
        expect = ACCEPTABLE,
        desc = "All four ran once; those of one thread in its order.")
@Outcome(
        expect = FORBIDDEN,
        desc = "A callback was lost, doubled, or overtook one added before it.")
public class AddCallbackFromTwoThreads {

    private final StressedLoop stressed = new StressedLoop();

    /// The callbacks that have run. Touched by the loop's thread alone.
    private final StringBuilder ran = new StringBuilder();

    @Actor
    public void first() {
        stressed.add(() -> ran.append('a'));
        stressed.add(() -> ran.append('A'));
    }

    @Actor
    public void second() {
        stressed.add(() -> ran.append('b'));
        stressed.add(() -> ran.append('B'));
    }

    @Arbiter
    public void run(L_Result result) {
        stressed.runQueued();
        stressed.close();
        result.r1 = ran.toString();
    }
}

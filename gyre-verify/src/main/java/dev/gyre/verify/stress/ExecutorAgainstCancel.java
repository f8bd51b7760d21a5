package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gyre.loop.LoopFuture;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ILI_Result;

/// The result of a call on an executor's thread is cancelled while the call begins or ends.
@JCStressTest
@State
@Outcome(id = "0, cancelled, 1", expect = ACCEPTABLE, desc = "Cancelled before the call began.")
@Outcome(id = "1, cancelled, 1", expect = ACCEPTABLE, desc = "The result was dropped.")
@Outcome(expect = FORBIDDEN, desc = "The listener heard of a result, twice, or nothing.")
public class ExecutorAgainstCancel {

    private final StressedLoop stressed = new StressedLoop();
    private final Queue<Runnable> jobs = new ArrayDeque<>();
    private final LoopFuture<String> future = stressed.loop().runInExecutor(jobs::add, this::call);

    /// How often the call was made. Touched by the executor's actor, then by the arbiter.
    private int calledCount;

    /// What the listener heard last, and how often it was called. Touched by the loop's thread
    /// alone.
    private String heard = "nothing";

    private int heardCount;

    public ExecutorAgainstCancel() {
        future.onDone(
                this::hear,
                failure ->
                        hear(failure instanceof CancellationException ? "cancelled" : "failure"));
    }

    private String call() {
        calledCount++;
        return "called";
    }

    private void hear(String what) {
        heard = what;
        heardCount++;
    }

    @Actor
    public void executor() {
        jobs.remove().run();
    }

    @Actor
    public void holder() {
        future.cancel();
    }

    @Arbiter
    public void run(ILI_Result result) {
        stressed.runQueued();
        stressed.close();
        result.r1 = calledCount;
        result.r2 = heard;
        result.r3 = heardCount;
    }
}

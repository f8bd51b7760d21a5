package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LII_Result;

/// A foreign thread stops the loop and tries to close it until the close is no longer refused, so
/// its attempts cover the moment in which start returns.
@JCStressTest
@State
@Outcome(
        id = "done, 1, 1",
        expect = ACCEPTABLE,
        desc = "Refused until start returned, then closed.")
@Outcome(
        id = "done, 0, .*",
        expect = FORBIDDEN,
        desc = "close returned as if it were done, but the loop is not closed: descriptors leak.")
@Outcome(
        id = "overslept, .*",
        expect = FORBIDDEN,
        desc = "The stop was lost, or the loop polled a closed poller.")
@Outcome(expect = FORBIDDEN, desc = "The poller was not closed exactly once in the end.")
public class CloseAgainstEndOfStart {

    private final StressedLoop stressed = new StressedLoop();

    /// Set by the first callback, so before that the loop may not have been started.
    private volatile boolean running;

    @Actor
    public void start(LII_Result result) {
        stressed.add(() -> running = true);
        result.r1 = stressed.start();
    }

    @Actor
    public void close(LII_Result result) {
        StressedLoop.await(() -> running);
        stressed.stop();
        StressedLoop.await(() -> stressed.close().equals(StressedLoop.DONE));
        result.r2 = stressed.pollerCloseCount();
    }

    @Arbiter
    public void closeAgain(LII_Result result) {
        stressed.close();
        result.r3 = stressed.pollerCloseCount();
    }
}

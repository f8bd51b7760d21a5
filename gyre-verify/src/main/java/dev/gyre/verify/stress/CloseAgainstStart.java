package dev.gyre.verify.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/// A loop is closed while another thread starts it, runs one turn and stops. The last two figures
/// say how often its poller had been closed after that, and after one more close.
@JCStressTest
@State
@Outcome(id = "refused, done, 1, 1", expect = ACCEPTABLE, desc = "Closed before the start.")
@Outcome(id = "done, refused, 0, 1", expect = ACCEPTABLE, desc = "Refused while the loop ran.")
@Outcome(
        id = "done, done, 1, 1",
        expect = ACCEPTABLE,
        desc = "Closed after the start had returned.")
@Outcome(
        id = "done, done, 0, .*",
        expect = FORBIDDEN,
        desc = "close returned as if it were done, but the loop is not closed: descriptors leak.")
@Outcome(
        id = "refused, refused, .*",
        expect = FORBIDDEN,
        desc = "Each was refused because of the other.")
@Outcome(id = "overslept, .*", expect = FORBIDDEN, desc = "The loop polled a closed poller.")
@Outcome(expect = FORBIDDEN, desc = "The poller was not closed exactly once in the end.")
public class CloseAgainstStart {

    private final StressedLoop stressed = new StressedLoop();

    public CloseAgainstStart() {
        stressed.add(stressed::stop);
    }

    @Actor
    public void start(LLLL_Result result) {
        result.r1 = stressed.start();
    }

    @Actor
    public void close(LLLL_Result result) {
        result.r2 = stressed.close();
    }

    @Arbiter
    public void closeAgain(LLLL_Result result) {
        result.r3 = stressed.pollerCloseCount();
        stressed.close();
        result.r4 = stressed.pollerCloseCount();
    }
}

package dev.gyre.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// Failures of futures that nobody has looked at.
class ReportsTest {

    private final List<String> told = new ArrayList<>();
    private final Reports reports = new Reports((running, _) -> told.add(running));
    private final StepList steps = new StepList();

    private static void run(StepList steps) throws Exception {
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            step.run();
        }
    }

    @Test
    void whatIsLookedAtAfterItsReportWasAddedIsNotTold() throws Exception {
        Reports.Unobserved entry = reports.unobserved("a future", new Exception("x"), 0);
        reports.addDue(steps, 0);

        entry.cancel();
        run(steps);

        assertThat(told).isEmpty();
    }

    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void aReportThatIsBlockedWhenTheLoopStopsGoesToTheStandardError() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        reports.unobserved("a future", new Exception("lost"), Long.MAX_VALUE);
        reports.unobserved("another", new Exception("told"), Long.MAX_VALUE);
        List<Reports.Unobserved> reported = reports.addAll(steps);
        Step blocked = steps.poll();
        run(steps);
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            Reports.tellAtOnce(reported);
        } finally {
            System.setErr(before);
        }

        assertThat(blocked).isNotNull();
        assertThat(told).containsExactly("another, whose failure nobody looked at");
        assertThat(written.toString(StandardCharsets.UTF_8))
                .contains("a future, whose failure nobody looked at", "Exception: lost")
                .doesNotContain("another");
    }
}

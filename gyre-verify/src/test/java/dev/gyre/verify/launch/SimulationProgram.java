package dev.gyre.verify.launch;

import dev.gyre.testing.SimTest;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs the simulations of some classes, all of them whatever fails, in a process of its own.
///
/// For each that fails it prints a line that begins with [TestProgram#FAILURE] and names it, and
/// the failure. The exit status is 0 or, if one has failed, [TestProgram#FAILED].
final class SimulationProgram {

    private SimulationProgram() {}

    /// Runs them, and ends the process.
    ///
    /// @param args the names of classes, or of tests as in `class#method`
    public static void main(String[] args) {
        List<? extends DiscoverySelector> selectors =
                Arrays.stream(args).map(TestProgram::select).toList();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectors)
                        .filters((PostDiscoveryFilter) SimulationProgram::filter)
                        .build();
        Failures listener = new Failures();
        LauncherFactory.create().execute(request, listener);
        // Whatever threads a test has left running.
        System.exit(listener.failed == 0 ? 0 : TestProgram.FAILED);
    }

    private static FilterResult filter(TestDescriptor test) {
        TestSource source = test.getSource().orElse(null);
        boolean isOther =
                source instanceof MethodSource method
                        && !method.getJavaMethod().isAnnotationPresent(SimTest.class);
        return FilterResult.includedIf(!isOther);
    }

    private static final class Failures implements TestExecutionListener {

        int failed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() != TestExecutionResult.Status.FAILED) {
                return;
            }
            failed++;
            System.out.println(TestProgram.FAILURE + name(test));
            result.getThrowable().ifPresent(failure -> failure.printStackTrace(System.out));
        }

        private static String name(TestIdentifier test) {
            return test.getSource().orElse(null) instanceof MethodSource method
                    ? method.getJavaClass().getSimpleName() + "." + method.getMethodName()
                    : test.getDisplayName();
        }
    }
}

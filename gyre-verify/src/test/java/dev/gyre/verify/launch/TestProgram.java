package dev.gyre.verify.launch;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs the tests of one class up to the first that fails, in a process of its own.
///
/// The exit status is 0 if all have passed, [#FAILED] if one has failed, which is told in a line
/// that begins with [#FAILURE], and [#NOTHING] if there was none.
final class TestProgram {

    static final int FAILED = 10;

    static final int NOTHING = 11;

    /// How the line begins that names the test that has failed, and its message.
    static final String FAILURE = "failed: ";

    private TestProgram() {}

    /// Runs them, and ends the process.
    ///
    /// @param args the name of the class
    public static void main(String[] args) {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectClass(args[0]))
                        .build();
        FirstFailure listener = new FirstFailure();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request, listener);
        System.out.flush();
        // Whatever threads a test has left running.
        System.exit(listener.passed == 0 ? NOTHING : 0);
    }

    private static final class FirstFailure implements TestExecutionListener {

        int passed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed += test.isTest() ? 1 : 0;
                return;
            }
            String message = result.getThrowable().map(Throwable::getMessage).orElse("");
            System.out.println(FAILURE + test.getDisplayName() + ": " + message);
            result.getThrowable().ifPresent(failure -> failure.printStackTrace(System.out));
            System.out.flush();
            System.exit(FAILED);
        }
    }
}

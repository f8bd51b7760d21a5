package dev.gyre.verify.launch;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs the tests of some classes, or single ones, each class up to the first that fails, in a
/// process of its own.
///
/// For each class or test it prints a line that begins with [#PASSED] or [#FAILURE] and its name,
/// and a failure. The exit status is 0 if all have passed, [#FAILED] if one has failed, and
/// [#NOTHING] if one is none or was skipped.
final class TestProgram {

    static final int FAILED = 10;

    static final int NOTHING = 11;

    /// How the line begins that names the test that has failed, and its message.
    static final String FAILURE = "failed: ";

    /// How the line begins that names what has passed.
    static final String PASSED = "passed: ";

    private TestProgram() {}

    /// Runs them, and ends the process.
    ///
    /// @param args the names of classes, or of tests as in `class#method`
    public static void main(String[] args) {
        int status = 0;
        for (String name : args) {
            FirstFailure listener = run(name);
            if (listener.hasFailed) {
                status = FAILED;
            } else if (listener.passed == 0) {
                System.out.flush();
                System.exit(NOTHING);
            } else {
                System.out.println(PASSED + name);
            }
        }
        System.out.flush();
        // Whatever threads a test has left running.
        System.exit(status);
    }

    private static FirstFailure run(String name) {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(select(name)).build();
        FirstFailure listener = new FirstFailure();
        LauncherFactory.create()
                .execute(
                        LauncherExecutionRequestBuilder.request(request)
                                .listeners(listener)
                                .cancellationToken(listener.rest)
                                .build());
        return listener;
    }

    /// Returns what selects a class, or a test, whose parameters need not be given.
    static DiscoverySelector select(String name) {
        String[] parts = name.split("#", 2);
        if (parts.length == 1) {
            return DiscoverySelectors.selectClass(name);
        }
        Method method = method(parts[0], parts[1]);
        return DiscoverySelectors.selectMethod(method.getDeclaringClass(), method);
    }

    private static Method method(String className, String name) {
        try {
            return Arrays.stream(Class.forName(className).getDeclaredMethods())
                    .filter(method -> method.getName().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalArgumentException("no " + name + " in " + className));
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("no class " + className, e);
        }
    }

    private static final class FirstFailure implements TestExecutionListener {

        /// Cancelled by a failure: what has not yet run is skipped.
        final CancellationToken rest = CancellationToken.create();

        int passed;
        boolean hasFailed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == Status.SUCCESSFUL) {
                passed += test.isTest() ? 1 : 0;
            } else if (result.getStatus() == Status.FAILED && !hasFailed) {
                hasFailed = true;
                String message = result.getThrowable().map(Throwable::getMessage).orElse("");
                System.out.println(FAILURE + test.getDisplayName() + ": " + message);
                result.getThrowable().ifPresent(failure -> failure.printStackTrace(System.out));
                System.out.flush();
                rest.cancel();
            }
        }
    }
}

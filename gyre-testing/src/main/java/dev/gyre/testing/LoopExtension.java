package dev.gyre.testing;

import dev.gyre.loop.IOLoop;
import dev.gyre.loop.Logs;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/// A JUnit extension that gives each test a loop of its own, and fails a test that is not tidy.
///
/// Methods may have parameters of type [TestLoop], [IOLoop], [ManualTime], [Simulation] and
/// [ExpectLog]. When its method returns, a test fails if
/// - a channel is still registered, an end of a connection in memory open, or a timer pending,
/// - a simulation does not come to rest, see [Simulation#checkTidy],
/// - a log record that was declared did not come, or one of level WARNING or above on `dev.gyre.*`
///   came undeclared,
/// - anything was written to `System.err`.
///
/// Then the extension closes the loop. If the test has failed already, its own failure stays the
/// first.
public final class LoopExtension
        implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(LoopExtension.class);

    private static final Map<Class<?>, Function<Fixture, Object>> PARAMETERS =
            Map.of(
                    TestLoop.class,
                    Fixture::test,
                    IOLoop.class,
                    fixture -> fixture.test().loop(),
                    ManualTime.class,
                    fixture -> fixture.test().time(),
                    Simulation.class,
                    Fixture::simulation,
                    ExpectLog.class,
                    Fixture::log);

    /// The objects that one test is given.
    private record Fixture(
            StderrCapture stderr, ExpectLog log, TestLoop test, Simulation simulation) {}

    /// Makes the extension, for JUnit.
    public LoopExtension() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        StderrCapture stderr = StderrCapture.open();
        ExpectLog log = ExpectLog.open();
        TestLoop test = new TestLoop();
        context.getStore(NAMESPACE)
                .put(Fixture.class, new Fixture(stderr, log, test, new Simulation(test.seed())));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Fixture fixture = context.getStore(NAMESPACE).remove(Fixture.class, Fixture.class);
        if (fixture == null) {
            return;
        }
        List<String> problems = new ArrayList<>(fixture.test().leftovers());
        String whereabouts = fixture.test().whereabouts();
        close(fixture.simulation(), problems);
        Throwable closing = close(fixture.test());
        problems.addAll(fixture.log().problems());
        fixture.log().close();
        String written = fixture.stderr().written();
        fixture.stderr().close();
        if (!written.isEmpty()) {
            problems.add("written to System.err: " + written.strip());
        }
        if (closing != null) {
            problems.add("the loop could not be closed: " + closing.getMessage());
        }
        if (context.getExecutionException().isPresent()) {
            System.out.println(context.getDisplayName() + " failed on " + fixture.test());
        }
        if (!problems.isEmpty()) {
            AssertionError untidy = untidy(problems, fixture.test() + "\n" + whereabouts, closing);
            fixture.log().unexpected().forEach(untidy::addSuppressed);
            throw untidy;
        }
    }

    private static void close(Simulation simulation, List<String> problems) {
        try (simulation) {
            simulation.checkTidy();
        } catch (AssertionError e) {
            problems.add(Logs.message(e));
        } catch (Throwable e) {
            // The failure may come from a check of the test's own. Standard error, the loggers and
            // the loop must be put back all the same.
            problems.add("the simulation failed: " + Logs.text(e));
        }
    }

    private static @Nullable Throwable close(TestLoop test) {
        try {
            test.close();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private static AssertionError untidy(
            List<String> problems, String test, @Nullable Throwable cause) {
        String text = "the test was not tidy:\n  - " + String.join("\n  - ", problems);
        return new AssertionError(text + "\non " + test, cause);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getDeclaringExecutable() instanceof Method
                && PARAMETERS.containsKey(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Fixture fixture = context.getStore(NAMESPACE).get(Fixture.class, Fixture.class);
        Function<Fixture, Object> source = PARAMETERS.get(parameter.getParameter().getType());
        if (fixture == null || source == null) {
            throw new ParameterResolutionException(
                    "a loop belongs to one test; there is none before or after it");
        }
        return source.apply(fixture);
    }
}

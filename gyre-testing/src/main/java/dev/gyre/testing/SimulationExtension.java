package dev.gyre.testing;

import dev.gyre.loop.Logs;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/// Runs a [SimTest] with each of its seeds.
public final class SimulationExtension implements InvocationInterceptor, ParameterResolver {

    private static final Set<Class<?>> PARAMETERS = Set.of(Simulation.class, ExpectLog.class);

    /// Makes the extension, for JUnit.
    public SimulationExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return PARAMETERS.contains(parameter.getParameter().getType());
    }

    /// Resolves nothing: each seed brings its own parameters.
    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Executable executable = parameter.getDeclaringExecutable();
        if (!executable.isAnnotationPresent(SimTest.class)) {
            throw new ParameterResolutionException(
                    "each seed of a @SimTest has a simulation of its own; there is none for "
                            + executable);
        }
        return null;
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        invocation.skip();
        Method test = method.getExecutable();
        test.setAccessible(true);
        SimTest annotation = test.getAnnotation(SimTest.class);
        Object instance = context.getRequiredTestInstance();
        SeedThread thread =
                new SeedThread(test.getName(), Duration.ofSeconds(annotation.seedSecondsMax()));
        SeedRun run =
                new SeedRun(
                        context.getRequiredTestClass().getSimpleName() + "." + test.getName(),
                        seed -> runSeed(method, instance, thread.begins(new Simulation(seed))));
        thread.run(() -> run.run(annotation.seeds()));
    }

    private static Simulation runSeed(
            ReflectiveInvocationContext<Method> method, Object instance, Simulation simulation) {
        ExpectLog log = ExpectLog.open();
        // The simulation is closed first: what it tells then is still heard.
        try (log;
                simulation) {
            invoke(method, instance, simulation, log);
            simulation.checkTidy();
            // Failures of futures that nobody has looked at are logged now at the latest.
            simulation.close();
            List<String> problems = log.problems();
            if (!problems.isEmpty()) {
                throw new AssertionError(String.join("\n", problems));
            }
            return simulation;
        } catch (TestAbortedException e) {
            // An assumption of the test does not hold, which is no failure.
            throw e;
        } catch (Throwable e) {
            // Mostly the reason of what the test has found.
            log.unexpected().forEach(e::addSuppressed);
            throw failed(method.getExecutable(), simulation, e);
        }
    }

    private static void invoke(
            ReflectiveInvocationContext<Method> method,
            Object instance,
            Simulation simulation,
            ExpectLog log)
            throws Throwable {
        Object[] arguments = method.getArguments().toArray();
        Class<?>[] types = method.getExecutable().getParameterTypes();
        for (int i = 0; i < arguments.length; i++) {
            if (types[i] == Simulation.class) {
                arguments[i] = simulation;
            } else if (types[i] == ExpectLog.class) {
                arguments[i] = log;
            }
        }
        try {
            method.getExecutable().invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /// Returns the failure of one seed; the first line of its message tells how to run that seed
    /// again.
    private static AssertionError failed(Method test, Simulation simulation, Throwable cause) {
        List<String> trace = simulation.trace();
        List<String> last = trace.subList(Math.max(0, trace.size() - 20), trace.size());
        return new AssertionError(
                "-Dgyre.sim.seed=%d fails %s: %s%nlast on the network, after %s:%n  %s"
                        .formatted(
                                simulation.seed(),
                                test.getName(),
                                Logs.message(cause),
                                simulation.elapsed(),
                                String.join("\n  ", last)),
                cause);
    }
}

package dev.gyre.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/// Runs a [SimTest] with each of its seeds.
public final class SimulationExtension implements InvocationInterceptor, ParameterResolver {

    private static final Set<Class<?>> PARAMETERS = Set.of(Simulation.class, ExpectLog.class);

    /// For JUnit.
    public SimulationExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return PARAMETERS.contains(parameter.getParameter().getType());
    }

    /// Resolves nothing: each seed brings its own parameters.
    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
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
        Object instance = context.getRequiredTestInstance();
        int seeds = test.getAnnotation(SimTest.class).seeds();
        new SeedRun(context.getRequiredTestClass().getSimpleName() + "." + test.getName())
                .run(seeds, seed -> runSeed(test, instance, seed));
    }

    private static Simulation runSeed(Method test, Object instance, long seed) throws Throwable {
        Simulation simulation = new Simulation(seed);
        ExpectLog log = ExpectLog.open();
        try (simulation;
                log) {
            invoke(test, instance, simulation, log);
            simulation.checkTidy();
            List<String> problems = log.problems();
            if (!problems.isEmpty()) {
                throw new AssertionError(String.join("\n", problems));
            }
            return simulation;
        } catch (Throwable e) {
            throw failed(test, simulation, e);
        }
    }

    private static void invoke(Method test, Object instance, Simulation simulation, ExpectLog log)
            throws Throwable {
        Object[] arguments =
                Arrays.stream(test.getParameterTypes())
                        .map(type -> type == Simulation.class ? simulation : log)
                        .toArray();
        try {
            test.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /// The first line tells how to see it again.
    private static AssertionError failed(Method test, Simulation simulation, Throwable cause) {
        List<String> trace = simulation.trace();
        List<String> last = trace.subList(Math.max(0, trace.size() - 20), trace.size());
        return new AssertionError(
                "-Dgyre.sim.seed=%d fails %s: %s%nlast on the network, after %s:%n  %s"
                        .formatted(
                                simulation.seed(),
                                test.getName(),
                                cause.getMessage(),
                                simulation.elapsed(),
                                String.join("\n  ", last)),
                cause);
    }
}

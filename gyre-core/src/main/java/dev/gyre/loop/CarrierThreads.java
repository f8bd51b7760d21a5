package dev.gyre.loop;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The one place that reaches into the JDK: virtual threads with a scheduler of our own.
///
/// JDK 25 has no public way to name the scheduler of a virtual thread. The package-private
/// constructor of `ThreadBuilders.VirtualThreadBuilder` takes one, and `VirtualThread` tells its
/// default one; both are reachable when `java.lang` is opened to this module. They may change with
/// any update, so whoever uses this class runs [CarrierSelfTest] first.
final class CarrierThreads {

    private static final @Nullable MethodHandle NEW_BUILDER;
    private static final @Nullable Executor DEFAULT_SCHEDULER;

    /// Why there are no carrier threads; null if there are.
    private static final @Nullable Throwable UNAVAILABLE;

    static {
        MethodHandle newBuilder = null;
        Executor defaultScheduler = null;
        Throwable unavailable = null;
        try {
            newBuilder = findBuilder();
            defaultScheduler = findDefaultScheduler();
            // Its static initialiser starts the threads behind blocking sockets. Were that done by
            // the first coroutine that opens one, they would be carried by its loop, and hang with
            // it. The per-coroutine executor prevents this too; here it costs nothing.
            Class.forName("sun.nio.ch.Poller");
        } catch (Throwable e) {
            unavailable = e;
        }
        NEW_BUILDER = newBuilder;
        DEFAULT_SCHEDULER = defaultScheduler;
        UNAVAILABLE = unavailable;
    }

    private CarrierThreads() {}

    static @Nullable Throwable unavailable() {
        return UNAVAILABLE;
    }

    static Executor defaultScheduler() {
        if (DEFAULT_SCHEDULER == null) {
            throw new IllegalStateException("no carrier threads here", UNAVAILABLE);
        }
        return DEFAULT_SCHEDULER;
    }

    static Thread unstarted(Executor scheduler, String name, Runnable body) {
        if (NEW_BUILDER == null) {
            throw new IllegalStateException("no carrier threads here", UNAVAILABLE);
        }
        try {
            Thread.Builder builder = (Thread.Builder) NEW_BUILDER.invoke(scheduler);
            return builder.name(name)
                    .inheritInheritableThreadLocals(false)
                    .uncaughtExceptionHandler(Logs::coroutineDied)
                    .unstarted(body);
        } catch (Throwable e) {
            if (e instanceof Error own) {
                throw own;
            }
            if (e instanceof RuntimeException own) {
                throw own;
            }
            throw new IllegalStateException("the builder of virtual threads failed", e);
        }
    }

    private static MethodHandle findBuilder() throws ReflectiveOperationException {
        Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
        MethodHandle constructor =
                MethodHandles.privateLookupIn(builder, MethodHandles.lookup())
                        .findConstructor(
                                builder, MethodType.methodType(void.class, Executor.class));
        return constructor.asType(MethodType.methodType(Thread.Builder.class, Executor.class));
    }

    private static Executor findDefaultScheduler() throws Throwable {
        Class<?> virtualThread = Class.forName("java.lang.VirtualThread");
        return (Executor)
                MethodHandles.privateLookupIn(virtualThread, MethodHandles.lookup())
                        .findStatic(
                                virtualThread,
                                "defaultScheduler",
                                MethodType.methodType(Executor.class))
                        .invoke();
    }
}

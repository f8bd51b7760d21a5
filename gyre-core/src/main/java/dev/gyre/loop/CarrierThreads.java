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
/// any update, so whoever uses this class runs [CarrierSelfTest] first. `docs/coroutines.md` tells
/// what to do when they have.
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
            newBuilder = Names.OF_JDK_25.findBuilder();
            defaultScheduler = Names.OF_JDK_25.findDefaultScheduler();
            Names.OF_JDK_25.startPollers();
        } catch (ReflectiveOperationException e) {
            unavailable = e;
        } catch (Throwable e) {
            String jdk = "JDK " + Runtime.version();
            unavailable =
                    new IllegalStateException(jdk + " does not give what carriers need: " + e, e);
        }
        NEW_BUILDER = newBuilder;
        DEFAULT_SCHEDULER = defaultScheduler;
        UNAVAILABLE = unavailable;
    }

    private CarrierThreads() {}

    /// Returns why there are no carrier threads, in its message; null if there are. An
    /// [IllegalAccessException] says that `java.lang` is not opened to this module.
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

    /// The names of what the JDK does not offer, but has. `docs/coroutines.md` tells what each is
    /// for, and what to do when one is gone.
    ///
    /// @param builder the class whose constructor takes an [Executor]
    /// @param virtualThread the class that knows the default scheduler
    /// @param defaultScheduler its static method that returns that
    /// @param poller the class that starts the threads behind blocking sockets
    record Names(String builder, String virtualThread, String defaultScheduler, String poller) {

        static final Names OF_JDK_25 =
                new Names(
                        "java.lang.ThreadBuilders$VirtualThreadBuilder",
                        "java.lang.VirtualThread",
                        "defaultScheduler",
                        "sun.nio.ch.Poller");

        /// Returns the constructor, as a handle from `Executor` to `Thread.Builder`.
        ///
        /// @throws IllegalAccessException if `java.lang` is not opened to this module
        MethodHandle findBuilder() throws ReflectiveOperationException {
            Class<?> type = find(builder);
            MethodHandles.Lookup lookup =
                    MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            try {
                return lookup.findConstructor(
                                type, MethodType.methodType(void.class, Executor.class))
                        .asType(MethodType.methodType(Thread.Builder.class, Executor.class));
            } catch (NoSuchMethodException e) {
                throw missing("constructor " + builder + "(Executor)", e);
            }
        }

        /// Returns what the method returns.
        ///
        /// @throws IllegalAccessException if `java.lang` is not opened to this module
        Executor findDefaultScheduler() throws Throwable {
            Class<?> type = find(virtualThread);
            MethodHandles.Lookup lookup =
                    MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            try {
                return (Executor)
                        lookup.findStatic(
                                        type,
                                        defaultScheduler,
                                        MethodType.methodType(Executor.class))
                                .invoke();
            } catch (NoSuchMethodException e) {
                String method = virtualThread + "." + defaultScheduler + "()";
                throw missing("static method " + method + " that returns an Executor", e);
            }
        }

        /// Has the static initialiser of the class start the threads behind blocking sockets. Were
        /// that left to the first coroutine that opens a socket, its loop would carry them, and
        /// they would hang with it. The per-coroutine executor prevents this too; here it costs
        /// nothing.
        void startPollers() throws ReflectiveOperationException {
            find(poller);
        }

        private static Class<?> find(String name) throws ReflectiveOperationException {
            try {
                return Class.forName(name);
            } catch (ClassNotFoundException e) {
                throw missing("class " + name, e);
            }
        }

        private static ReflectiveOperationException missing(String member, Throwable cause) {
            return new ReflectiveOperationException(
                    "JDK " + Runtime.version() + " has no " + member, cause);
        }
    }
}

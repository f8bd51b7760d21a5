package dev.gyre.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/// The least that carries a virtual thread on the thread of the caller: what the JDK costs by
/// itself, so that what Gyre adds can be told.
final class BareCoroutine implements Executor {

    private static final MethodHandle NEW_BUILDER = findBuilder();

    private final Thread thread;

    /// The continuation of the thread, which the JDK hands over whenever it can run.
    private Runnable runnable;

    BareCoroutine(Runnable body) {
        thread = unstarted(this, body);
        runnable = thread::start;
    }

    @Override
    public void execute(Runnable continuation) {
        runnable = continuation;
    }

    /// Runs the thread until it parks for the first time.
    void start() {
        thread.start();
        runnable.run();
    }

    /// Runs the thread until it parks again, or ends.
    void resume() {
        LockSupport.unpark(thread);
        runnable.run();
    }

    private static Thread unstarted(Executor scheduler, Runnable body) {
        try {
            Thread.Builder builder = (Thread.Builder) NEW_BUILDER.invoke(scheduler);
            return builder.inheritInheritableThreadLocals(false).unstarted(body);
        } catch (Throwable e) {
            throw new IllegalStateException("the builder of virtual threads failed", e);
        }
    }

    private static MethodHandle findBuilder() {
        try {
            Class<?> builder = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
            return MethodHandles.privateLookupIn(builder, MethodHandles.lookup())
                    .findConstructor(builder, MethodType.methodType(void.class, Executor.class))
                    .asType(MethodType.methodType(Thread.Builder.class, Executor.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}

package dev.gyre.loop;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Proves, before the first coroutine, that this JDK treats our schedulers as we think it does.
///
/// One thread is started on a scheduler that only collects, and taken through what coroutines do:
/// start, park, an unpark from another thread, a yield, a child that inherits the scheduler.
/// `docs/coroutines.md` tells what depends on each of these.
final class CarrierSelfTest {

    /// What makes the thread under test.
    interface Threads {

        /// Returns a thread that the scheduler is to run, like [CarrierThreads#unstarted].
        Thread unstarted(Executor scheduler, String name, Runnable body);
    }

    /// Far more time than any step of the test takes, and its only wait for something that may
    /// never come.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Threads threads;
    private final Duration patience;
    private final BlockingQueue<Runnable> handedOver = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Thread> ranOn = new AtomicReference<>();

    /// What the thread under test has reached. Written by it, on this very thread.
    private String reached = "nothing";

    /// @param patience how long to wait for what the JDK should do, before it is missed
    CarrierSelfTest(Threads threads, Duration patience) {
        this.threads = threads;
        this.patience = patience;
    }

    /// Returns what is wrong, in words, or null if carriers work here.
    static @Nullable String problem() {
        AtomicReference<@Nullable String> problem = new AtomicReference<>();
        CarrierSelfTest test = new CarrierSelfTest(CarrierThreads::unstarted, PATIENCE);
        // Whoever makes the first coroutine may be on a virtual thread.
        OnPlatformThread.run(() -> problem.set(test.run()));
        return problem.get();
    }

    /// Returns what is wrong, in words, or null. Once, on a platform thread.
    @Nullable String run() {
        try {
            prove();
            return null;
        } catch (Unexpected e) {
            return failed(e.getMessage());
        } catch (Throwable e) {
            return failed("it threw " + e);
        }
    }

    private static String failed(@Nullable String what) {
        return "JDK %s failed the self-test of the carrier: %s".formatted(Runtime.version(), what);
    }

    private void prove() throws InterruptedException {
        Executor collect = handedOver::add;
        Thread thread = threads.unstarted(collect, "gyre-self-test", this::body);
        thread.start();
        Runnable continuation = expect("a start", null);
        step(continuation, "park");
        check(
                ranOn.get() == thread,
                "code of a thread that was mounted did not run as that thread");
        Thread.ofPlatform().daemon().start(() -> LockSupport.unpark(thread));
        expect("an unpark", continuation);
        step(continuation, "yield");
        expect("a yield", continuation);
        step(continuation, "child");
        Runnable child = expect("the start of a child", null);
        check(
                child != continuation,
                "for the start of a child its scheduler got the continuation of the parent");
        CarrierThreads.defaultScheduler().execute(child);
        check(thread.join(patience), "a thread did not end after its child was run elsewhere");
    }

    @SuppressWarnings("ThreadPriorityCheck") // That a yield comes back is what is being proven.
    private void body() {
        ranOn.set(Thread.currentThread());
        reached = "park";
        LockSupport.park();
        reached = "yield";
        Thread.yield();
        reached = "child";
        Thread.ofVirtual().start(() -> {});
    }

    private void step(Runnable continuation, String goal) {
        continuation.run();
        check(
                reached.equals(goal),
                "a continuation that was run reached %s instead of %s".formatted(reached, goal));
    }

    private Runnable expect(String event, @Nullable Runnable known) throws InterruptedException {
        Runnable got = handedOver.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (got == null) {
            throw new Unexpected("after " + event + " the scheduler got no continuation");
        }
        check(
                known == null || known == got,
                "after " + event + " the scheduler got another continuation than before");
        return got;
    }

    private static void check(boolean holds, String problem) {
        if (!holds) {
            throw new Unexpected(problem);
        }
    }

    /// What the JDK did otherwise, in words.
    private static final class Unexpected extends RuntimeException {

        Unexpected(String what) {
            super(what);
        }
    }
}

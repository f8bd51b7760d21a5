package dev.gyre.loop;

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
final class CarrierSelfTest {

    /// Far more than any of this takes, and the only wait for something that may never come.
    private static final long PATIENCE_SECONDS = 5;

    private final BlockingQueue<Runnable> handedOver = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Thread> ranOn = new AtomicReference<>();

    /// What the thread under test has reached. Written by it, on this very thread.
    private String reached = "nothing";

    private CarrierSelfTest() {}

    /// Returns what is wrong, in words, or null if carriers work here.
    static @Nullable String problem() {
        AtomicReference<@Nullable String> problem = new AtomicReference<>();
        // Whoever makes the first coroutine may be on a virtual thread.
        OnPlatformThread.run(() -> problem.set(new CarrierSelfTest().run()));
        return problem.get();
    }

    private @Nullable String run() {
        try {
            prove();
            return null;
        } catch (Throwable e) {
            return "this JDK failed the self-test of the carrier: " + e;
        }
    }

    private void prove() throws InterruptedException {
        Executor collect = handedOver::add;
        Thread thread = CarrierThreads.unstarted(collect, "gyre-self-test", this::body);
        thread.start();
        Runnable continuation = expect("start", null);
        step(continuation, "park");
        Thread.ofPlatform().daemon().start(() -> LockSupport.unpark(thread));
        expect("unpark", continuation);
        step(continuation, "yield");
        expect("yield", continuation);
        step(continuation, "child");
        Runnable child = expect("a child", null);
        check(child != continuation, "a child shares its parent's continuation");
        CarrierThreads.defaultScheduler().execute(child);
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        check(!thread.isAlive(), "the thread did not end");
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
        check(reached.equals(goal), "wanted to reach " + goal + ", reached " + reached);
    }

    private Runnable expect(String event, @Nullable Runnable known) throws InterruptedException {
        Runnable got = handedOver.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (got == null) {
            throw new IllegalStateException("no continuation after " + event);
        }
        check(known == null || known == got, "another continuation after " + event);
        return got;
    }

    private static void check(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalStateException(problem);
        }
    }
}
